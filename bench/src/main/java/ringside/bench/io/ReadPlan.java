package ringside.bench.io;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import ringside.engines.ChosenEngine;
import ringside.engines.ReadingEngine;

/// What to read by which engines.
///
/// @param engines at least one; each a reading one
/// @param shape how
/// @param file what to read; empty: one is generated in `directory`, and deleted afterwards
/// @param directory for a generated file
/// @param sizeBytes how much of it; empty: all of a given file, 1 GiB of a generated one
/// @param direct whether every engine must read with `O_DIRECT`
/// @param repeats runs of each engine, at least 1
/// @param fio whether fio runs the equal job beside each of them
/// @param histogramLog where the first `.hlog` goes; further ones have a number in their name
public record ReadPlan(
        List<ChosenEngine> engines,
        ReadShape shape,
        Optional<Path> file,
        Path directory,
        OptionalLong sizeBytes,
        boolean direct,
        int repeats,
        boolean fio,
        Optional<Path> histogramLog) {

    static final long SIZE_BYTES_DEFAULT = 1L << 30;

    /// Beside fio, whose window is known from outside only: long enough to look at its middle.
    private static final long FIO_WINDOW_MILLIS_MIN = 2_000;

    private static final int REPEATS_MAX = 1_000;

    /// @throws IllegalArgumentException with a message for a person
    public ReadPlan {
        engines = List.copyOf(engines);
        if (engines.isEmpty()) {
            throw new IllegalArgumentException("no engine to read by");
        }
        if (repeats < 1 || repeats > REPEATS_MAX) {
            throw new IllegalArgumentException(repeats + " repeats: choose --repeats 1 to " + REPEATS_MAX);
        }
        if (fio && shape.times().window().toMillis() < FIO_WINDOW_MILLIS_MIN) {
            throw new IllegalArgumentException(
                    "beside fio a window takes --seconds " + FIO_WINDOW_MILLIS_MIN / 1000 + " or more");
        }
        for (ChosenEngine engine : engines) {
            if (direct && engine.engine() instanceof ReadingEngine && !DirectReading.isOf(engine.engine())) {
                throw new IllegalArgumentException("engine " + engine.name()
                        + " reads through the page cache, and --direct asks for reads past it: write --engine "
                        + DirectReading.twinOf(engine.engine()) + ", or leave --direct out");
            }
            // What is wrong with a job is said before anything is made. A given file's length isn't known yet.
            shape.job(
                    engine,
                    Path.of("file"),
                    sizeBytes.orElse(SIZE_BYTES_DEFAULT),
                    OptionalLong.empty(),
                    Optional.empty());
        }
    }

    /// How large a generated file is to be.
    long generatedBytes() {
        return sizeBytes.orElse(SIZE_BYTES_DEFAULT);
    }

    /// Runs of ringside.
    int runCount() {
        return engines.size() * repeats;
    }

    /// @param run from 0; the file's name gets its number when there are several
    Optional<Path> histogramLog(int run) {
        return histogramLog.map(log -> {
            String name = log.getFileName().toString();
            int dot = name.lastIndexOf('.');
            String numbered = dot < 0 ? name + "-" + run : name.substring(0, dot) + "-" + run + name.substring(dot);
            return runCount() == 1 ? log : log.resolveSibling(numbered);
        });
    }
}
