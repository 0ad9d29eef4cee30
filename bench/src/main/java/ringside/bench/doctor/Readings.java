package ringside.bench.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ringside.bench.result.Surroundings;
import ringside.linux.CpuSet;
import ringside.linux.IoUringSupport;
import ringside.linux.Mount;
import ringside.linux.Reading;

/// What checks may ask of the machine.
interface Readings {

    /// The whole of a file of `/proc` or `/sys`, without blanks at either end.
    Reading<String> text(String path);

    /// Names in a directory, sorted; none where it isn't there.
    List<String> names(String directory);

    /// Where a program is installed.
    Optional<Path> program(String name);

    /// A property of this JVM ([System#getProperty]); empty text where there is none.
    String property(String name);

    /// CPUs that this process may use.
    CpuSet usableCpus();

    /// What a ring of one entry says.
    IoUringSupport ring();

    /// What the results directory is on.
    Reading<Mount> resultsMount();

    /// Room for an ordinary user there.
    Reading<Long> resultsFreeBytes();

    /// What else the machine does in a second.
    Surroundings.Span aSecond();
}
