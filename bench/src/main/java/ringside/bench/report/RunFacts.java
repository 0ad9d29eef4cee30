package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.bench.result.Answer;
import ringside.bench.result.Environment;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Trial;

/// Facts about a run in the words that every report uses.
final class RunFacts {
    private RunFacts() {}

    record Fact(String name, String value) {}

    static String trials(Run run) {
        long valid = run.trials().stream().filter(Trial::isValid).count();
        long failed =
                run.trials().stream().filter(t -> t.measurements().isEmpty()).count();
        long voided = run.trials().size() - valid - failed;
        return Words.count(run.trials().size(), "trial", "trials") + ": " + valid + " valid, " + voided + " void, "
                + failed + " failed"
                + (run.ledger().isEmpty()
                        ? "."
                        : "; " + run.ledger().trials().size() + " more with counters, for the ledger.");
    }

    /// `3`, or `2 of 3` when some don't count.
    static String launches(Point point) {
        int all = point.valid() + point.voided() + point.failed();
        return point.valid() == all ? Integer.toString(all) : point.valid() + " of " + all;
    }

    /// The command line with the seed, quoted for a POSIX shell.
    static String command(Run run) {
        String command = run.commandLine().stream().map(RunFacts::quoted).collect(Collectors.joining(" "));
        boolean seeded =
                run.commandLine().stream().anyMatch(word -> word.equals("--seed") || word.startsWith("--seed="));
        return "./ringside " + command + (seeded ? "" : " --seed " + run.seed());
    }

    static String provenance(Run run) {
        return "ringside " + run.ringsideVersion() + ", commit " + run.commit()
                + dirt(run.dirty()) + ", seed " + run.seed()
                + " (the order of trials follows from it).";
    }

    private static String dirt(Answer dirty) {
        return switch (dirty) {
            case Answer.Known(boolean is) -> is ? " with uncommitted changes" : "";
            case Answer.Unmeasurable(String why) -> " (whether with uncommitted changes is unknown: " + why + ")";
        };
    }

    static List<Fact> environment(Environment e) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Operating system", e.operatingSystem()));
        facts.add(new Fact("Kernel", e.kernelRelease()));
        facts.add(new Fact("Kernel command line", e.kernelCommandLine()));
        facts.add(new Fact("CPU", count(e.cpuCount()) + " × " + e.cpuModel()));
        facts.add(new Fact("Server's CPUs", e.serverCpus()));
        facts.add(new Fact("Generator's CPUs", e.generatorCpus()));
        facts.add(new Fact("Memory", bytes(e.memoryBytes())));
        facts.add(new Fact("Files on", e.dataFileSystem() + ", " + e.dataDevice() + " (" + e.dataMountOptions() + ")"));
        facts.add(new Fact("JDK", e.jdkVendor() + " " + e.jdkVersion()));
        facts.add(new Fact("JVM flags", String.join(" ", e.jvmFlags())));
        e.peerVersions().forEach((peer, version) -> facts.add(new Fact("Peer " + peer, version)));
        if (!e.mitigations().isEmpty()) {
            facts.add(new Fact("Mitigations", mitigations(e.mitigations())));
        }
        return facts;
    }

    private static String mitigations(Map<String, String> mitigations) {
        String active = mitigations.entrySet().stream()
                .filter(entry -> !entry.getValue().equals("Not affected"))
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
        long unaffected =
                mitigations.values().stream().filter("Not affected"::equals).count();
        String rest = unaffected == 0 ? "" : "not affected by " + Words.count(unaffected, "other", "others");
        return active.isEmpty() || rest.isEmpty() ? active + rest : active + "; " + rest;
    }

    private static String count(Measured count) {
        return switch (count) {
            case Measured.Value(double value) -> Words.significant(value);
            case Measured.Unmeasurable(String why) -> Measured.unmeasurableText(why);
        };
    }

    private static String bytes(Measured bytes) {
        return switch (bytes) {
            case Measured.Value(double value) -> Words.size((long) value);
            case Measured.Unmeasurable(String why) -> Measured.unmeasurableText(why);
        };
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
