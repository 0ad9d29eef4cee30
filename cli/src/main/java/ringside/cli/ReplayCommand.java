package ringside.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ringside.bench.evidence.Replay;
import ringside.bench.evidence.VerdictsFile;
import ringside.bench.result.RunFile;

/// `ringside replay`: are a run's verdicts what its raw data say?
@Command(
        name = "replay",
        description = {
            "Derives every verdict of a run again, from its raw histograms (.hlog) and run.json, and holds the result"
                    + " against its verdicts.json, bit for bit.",
            "",
            "Ends with 1 and names each difference when something isn't as it was written."
        },
        footer = {
            "",
            "Examples:",
            "  ringside replay results/local/20260131-235900-bench",
            "  ringside replay --write results/local/20260131-235900-bench    of a run without verdicts.json"
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", description = "The run's directory.")
    private Path run = Path.of("");

    @Option(names = "--write", description = "Writes verdicts.json instead of comparing with the one that is there.")
    private boolean write;

    @Override
    public Integer call() throws IOException {
        if (write) {
            VerdictsFile.write(RunFile.read(run), run);
            System.out.println("wrote " + run.resolve(VerdictsFile.NAME));
            return 0;
        }
        Replay replay = Replay.of(run);
        long verdicts = replay.verdicts().comparisons().stream()
                .mapToLong(comparison -> comparison.judgements().size())
                .sum();
        replay.differences().forEach(System.out::println);
        System.out.printf(
                Locale.ROOT,
                "%d verdicts from the raw histograms of %d launches: %s%n",
                verdicts,
                replay.launches(),
                replay.isSame() ? "the same, bit for bit" : "NOT the same");
        return replay.isSame() ? 0 : Main.EXIT_BAD_ANSWER;
    }
}
