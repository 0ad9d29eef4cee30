package ringside.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ringside.bench.result.GuardRule;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialMain;
import ringside.linux.FfmKernel;

/// An orchestrator process for tests: `OUT key=value…`.
public final class BenchMain {

    private BenchMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        BenchPlanBuilder plan = new BenchPlanBuilder().resultsDirectory(Path.of(args[0]));
        for (int i = 1; i < args.length; i++) {
            String key = args[i].substring(0, args[i].indexOf('='));
            List<String> values =
                    Arrays.asList(args[i].substring(key.length() + 1).split("/"));
            switch (key) {
                case "engines" -> plan.engines(values);
                case "transports" -> plan.transports(values);
                case "sizes" -> plan.sizes(values);
                case "caches" -> plan.caches(values);
                case "peers" -> plan.peers(values);
                case "generators" -> plan.generators(values);
                case "rate" -> plan.rate(Double.parseDouble(values.getFirst()));
                case "repeats" -> plan.repeats(Integer.parseInt(values.getFirst()));
                case "connections" -> plan.connections(List.of(Integer.parseInt(values.getFirst())));
                case "millis" -> {
                    Duration span = Duration.ofMillis(Long.parseLong(values.getFirst()));
                    plan.duration(span).warmUp(span);
                }
                default -> throw new IllegalArgumentException(key);
            }
        }
        Bench bench = new Bench(
                plan.seed(1).guard(GuardRule.Mode.MARK).build(),
                Launcher.likeThisProcess(TrialMain.class.getName()),
                new FfmKernel(),
                new TerminalObserver(System.out, false, 80),
                new Bench.RunWords(List.of(args), "test", Path.of("").toAbsolutePath(), ""));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            bench.stop();
            await(ended);
        }));
        BenchResult result = bench.run();
        System.out.println("complete=" + result.run().complete() + " good=" + result.isGood());
        ended.countDown();
    }

    private static void await(CountDownLatch ended) {
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                System.err.println("the run doesn't end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
