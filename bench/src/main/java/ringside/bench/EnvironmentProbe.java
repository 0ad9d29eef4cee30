package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.bench.peer.Peers;
import ringside.bench.result.Environment;
import ringside.bench.result.Measured;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.Launcher;
import ringside.linux.Kernel;
import ringside.linux.Machine;
import ringside.linux.Mount;
import ringside.linux.Reading;

/// Takes down the machine that a run happens on.
final class EnvironmentProbe {

    private EnvironmentProbe() {}

    /// @param dataDirectory where the served files are
    static Environment read(
            Kernel kernel,
            Path dataDirectory,
            Launcher launcher,
            CpuPlan cpus,
            List<Contender> contenders,
            List<Asker> askers)
            throws InterruptedException {
        Machine machine = Machine.read(kernel);
        Reading<Mount> mount = Mount.of(kernel, dataDirectory.toString());
        Map<String, String> mitigations = new LinkedHashMap<>();
        machine.mitigations().forEach((name, state) -> mitigations.put(name, text(state)));
        return new Environment(
                text(machine.kernelRelease()),
                text(machine.commandLine()),
                mitigations,
                text(machine.cpuModel()),
                Measured.of(cpus.available().count()),
                number(machine.memoryBytes()),
                operatingSystem(),
                text(mount.map(Mount::fileSystem)),
                text(mount.map(Mount::source)),
                text(mount.map(Mount::options)),
                System.getProperty("java.vendor"),
                System.getProperty("java.runtime.version"),
                launcher.flags(),
                cpus.isPinned() ? cpus.server().toString() : cpus.available() + " (not pinned)",
                cpus.isPinned() ? cpus.generator().toString() : cpus.available() + " (not pinned)",
                versions(contenders, askers));
    }

    private static Map<String, String> versions(List<Contender> contenders, List<Asker> askers)
            throws InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            Contender who = contender instanceof Contender.Renamed(String _, Contender of) ? of : contender;
            if (who instanceof Contender.Theirs theirs) {
                versions.put(
                        theirs.peer().name(),
                        Peers.version(theirs.program(), theirs.peer().versionArguments()));
            }
        }
        Optional<Path> wrk = Peers.find("wrk");
        if (askers.contains(Asker.WRK) && wrk.isPresent()) {
            versions.put("wrk", Peers.version(wrk.get(), List.of("-v")));
        }
        return versions;
    }

    private static String operatingSystem() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
                if (line.startsWith("PRETTY_NAME=")) {
                    return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                }
            }
            return Measured.unmeasurableText("/etc/os-release has no PRETTY_NAME");
        } catch (IOException e) {
            return Measured.unmeasurableText("/etc/os-release can't be read");
        }
    }

    private static String text(Reading<String> reading) {
        String value = reading.value().orElse("");
        String why = reading.isMeasured() ? "it is empty" : reading.whyMissing();
        return value.isBlank() ? Measured.unmeasurableText(why) : value;
    }

    private static Measured number(Reading<Long> reading) {
        return reading.value()
                .map(value -> Measured.of(value))
                .orElseGet(() -> Measured.unmeasurable(reading.whyMissing()));
    }
}
