package ringside.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ringside.bench.result.Environment;
import ringside.bench.result.Plan;
import ringside.bench.result.Run;

/// Whether an interrupted run may go on: with the same plan, the same program, on the same machine. Trials of two
/// programs or machines in one run would be compared as if they were of one.
final class Resumption {

    /// What makes a machine another one; what comes and goes on one machine isn't here.
    private static final Map<String, Function<Environment, Object>> MACHINE = Map.ofEntries(
            Map.entry("kernel release", Environment::kernelRelease),
            Map.entry("kernel command line", Environment::kernelCommandLine),
            Map.entry("mitigations", Environment::mitigations),
            Map.entry("CPU model", Environment::cpuModel),
            Map.entry("number of CPUs", Environment::cpuCount),
            Map.entry("memory", Environment::memoryBytes),
            Map.entry("file system", Environment::dataFileSystem),
            Map.entry("mount options", Environment::dataMountOptions),
            Map.entry("JDK", Environment::jdkVersion),
            Map.entry("JVM flags", Environment::jvmFlags),
            Map.entry("CPUs of the server", Environment::serverCpus),
            Map.entry("CPUs of the generator", Environment::generatorCpus),
            Map.entry("versions of peers", Environment::peerVersions));

    private Resumption() {}

    /// @param before the run that is to go on
    /// @param now the run as it would begin here
    /// @throws UnsupportedOperationException with everything that differs
    static void require(Path directory, Run before, Run now) {
        List<String> differences = new ArrayList<>();
        if (before.complete()) {
            throw new UnsupportedOperationException(
                    directory + " holds a complete run: there is nothing to go on with. Start another one");
        }
        plan(before.plan(), now.plan(), differences);
        differ("version of ringside", before.ringsideVersion(), now.ringsideVersion(), differences);
        if (!before.binary().equals(now.binary())) {
            differences.add("the program: commit %s%s then, %s%s now"
                    .formatted(
                            before.commit(),
                            before.dirty().isYes() ? " with changes" : "",
                            now.commit(),
                            now.dirty().isYes() ? " with changes" : ""));
        }
        MACHINE.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(part -> differ(
                        part.getKey(),
                        part.getValue().apply(before.environment()),
                        part.getValue().apply(now.environment()),
                        differences));
        differ("what can't run here", labels(before), labels(now), differences);
        if (!differences.isEmpty()) {
            throw new UnsupportedOperationException(
                    "%s can't go on, since its trials wouldn't be comparable:%n  %s%nStart another run, or bring back what was"
                            .formatted(directory, String.join(System.lineSeparator() + "  ", differences)));
        }
    }

    private static void plan(Plan before, Plan now, List<String> differences) {
        List<String> then = before.yaml().lines().toList();
        List<String> today = now.yaml().lines().toList();
        List<String> gone = new ArrayList<>(then);
        gone.removeAll(today);
        List<String> come = new ArrayList<>(today);
        come.removeAll(then);
        if (!gone.isEmpty() || !come.isEmpty()) {
            differences.add("the plan: %s then, %s now"
                    .formatted(
                            gone.isEmpty() ? "nothing" : "`" + String.join("`, `", gone) + "`",
                            come.isEmpty() ? "nothing" : "`" + String.join("`, `", come) + "`"));
        } else {
            differ(
                    "the sides",
                    before.baseline() + " and " + before.control(),
                    now.baseline() + " and " + now.control(),
                    differences);
        }
    }

    private static List<String> labels(Run run) {
        return run.skipped().stream().map(Run.Skipped::label).toList();
    }

    private static void differ(String what, Object before, Object now, List<String> differences) {
        if (!before.equals(now)) {
            differences.add("%s: %s then, %s now".formatted(what, before, now));
        }
    }
}
