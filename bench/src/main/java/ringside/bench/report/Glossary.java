package ringside.bench.report;

import java.util.List;
import ringside.bench.result.Run;
import ringside.bench.result.Workload;

/// What the columns mean and how exact they are: the same sentences in every report.
final class Glossary {
    /// What stands behind the ratios of verdicts.
    static final String INTERVALS =
            "In parentheses: the 95 % interval of the ratio, over launches. Inconclusive is no pass:"
                    + " nobody knows.";

    private Glossary() {}

    /// What a ledger is; nothing for a run without.
    static List<String> ofLedger(Run run) {
        if (run.ledger().isEmpty()) {
            return List.of();
        }
        return List.of(
                "What the kernel did: counted by perf_event_open(2), where that is permitted, in all"
                        + " threads of the server's processes, the rings' workers included; bytes from the device by"
                        + " /proc/PID/io; ring requests by the rings' own heads and tails. Block requests are those"
                        + " that its threads issue themselves: what a kernel thread issues later isn't among them."
                        + " Page-cache inserts are folios, of one or more pages. A line is left out when nobody has"
                        + " anything in it; – is unmeasurable, and the notes say why. Counts stand beside costs: they"
                        + " don't show that one causes the other.",
                LedgerSentences.overhead(run.ledger().overhead()));
    }

    static List<String> of(Workload workload) {
        return List.of(
                "CPU is user + system of the server's processes, from their exact CPU clocks; its division into user"
                        + " and system follows clock ticks of 10 ms. core is the busy time of the server's cores, soft"
                        + " interrupts included: the elapsed time less idle and stolen time, within 10 ms at each end"
                        + " of a window. Both in µs per request: median and, in parentheses, min–max of the launches.",
                "CPU and core include the JVM's compilers and garbage collector; the trial's notes say so where they"
                        + " used more than 3 %.",
                "p50 to max: " + Words.times(workload.load()) + ", launches merged.",
                "ratio compares CPU with the lowest side that is ranked. best: the judge shows it to be lower than each"
                        + " other side, and it is lowest by core, too. ≈: shown to be the same. ?: neither is shown."
                        + " In parentheses: reads no file, or the device while the others read memory; not ranked.");
    }
}
