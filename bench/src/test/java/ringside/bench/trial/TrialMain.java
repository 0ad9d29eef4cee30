package ringside.bench.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import ringside.bench.ledger.ServerCounts;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.loadtest.ExpectedBody;
import ringside.loadtest.LoadGenerator;
import ringside.loadtest.LoadMode;
import ringside.loadtest.LoadObserver;
import ringside.loadtest.LoadPlan;
import ringside.loadtest.LoadReport;
import ringside.loadtest.LoadTarget;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// The two processes of a trial for tests: the real server and the real generator, behind the few arguments that the
/// experiment gives them.
public final class TrialMain {

    private TrialMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, List<String>> options = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--events") || args[i].equals("--counts")) {
                options.put(args[i], List.of());
                continue;
            }
            if (args[i].startsWith("--")) {
                options.computeIfAbsent(args[i], k -> new ArrayList<>()).add(args[++i]);
            } else if (args[i].startsWith("@")) {
                words.addAll(Files.readAllLines(Path.of(args[i].substring(1))));
            } else {
                words.add(args[i]);
            }
        }
        switch (args[0]) {
            case "serve" -> serve(words, options);
            case "load" -> load(words, options);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void serve(List<String> words, Map<String, List<String>> options)
            throws IOException, InterruptedException {
        InetSocketAddress bind = new InetSocketAddress(
                java.net.InetAddress.getLoopbackAddress(), Integer.parseInt(one(options, "--port")));
        HttpServer server = HttpServer.start(ServerConfig.of(
                        Path.of(words.getFirst()),
                        ChosenEngine.parse(one(options, "--engine")),
                        Transport.byId(one(options, "--transport")),
                        new FfmKernel())
                .withBind(bind)
                .withThreads(Integer.parseInt(one(options, "--threads"))));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.drain(Duration.ofSeconds(1))));
        System.out.println("listening on http://127.0.0.1:" + server.port());
        if (options.containsKey("--counts")) {
            CountsLine.answer(System.in, () -> ServerCounts.of(server), System.out);
        }
        new CountDownLatch(1).await();
    }

    private static void load(List<String> words, Map<String, List<String>> options) throws IOException {
        Map<String, ExpectedBody> expected = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(one(options, "--expect")))) {
            String[] fields = line.split(" ", 3);
            expected.put(fields[0], new ExpectedBody(Long.parseLong(fields[1]), Long.parseLong(fields[2], 16)));
        }
        LoadPlan.Builder plan =
                LoadPlan.builder(words.stream().map(LoadTarget::parse).toList());
        String rate = one(options, "--rate");
        if (!rate.isEmpty()) {
            plan.mode(new LoadMode.Open(Double.parseDouble(rate), LoadMode.Arrivals.CONSTANT));
        }
        plan.concurrency(Integer.parseInt(one(options, "--connections")), Integer.parseInt(one(options, "--threads")))
                .durations(span(one(options, "--warmup")), span(one(options, "--duration")))
                .transport(Transport.byId(one(options, "--transport")))
                .seed(Long.parseLong(one(options, "--seed")))
                .expectedBodies(expected)
                .histogramLog(Optional.of(Path.of(one(options, "--hlog"))))
                .warmUpTargets(options.getOrDefault("--warmup-url", List.of()).stream()
                        .map(LoadTarget::parse)
                        .toList());
        LoadGenerator generator = new LoadGenerator(plan.build(), new Events());
        Thread.ofPlatform().daemon().start(() -> {
            Scanner told = new Scanner(System.in, StandardCharsets.UTF_8);
            if (told.hasNextLine() && told.nextLine().equals("go")) {
                generator.endWarmUp();
            }
        });
        LoadReport report = generator.run();
        report.write(Path.of(one(options, "--json")));
    }

    private static final class Events implements LoadObserver {
        @Override
        public void warmingUp(LoadPlan plan) {
            event("warming");
        }

        @Override
        public void warmedFor(WarmUpInterval interval) {
            System.out.println(
                    "{\"event\":\"interval\",\"elapsedSeconds\":%f,\"seconds\":%f,\"requests\":%d,\"p50Micros\":%f}"
                            .formatted(
                                    interval.elapsedSeconds(),
                                    interval.seconds(),
                                    interval.completed(),
                                    interval.p50Micros()));
            System.out.flush();
        }

        @Override
        public void measuring() {
            event("measuring");
        }

        @Override
        public void measured() {
            event("measured");
        }

        @Override
        public void done(LoadReport report) {
            event("done");
        }

        private static void event(String name) {
            System.out.println("{\"event\":\"" + name + "\"}");
            System.out.flush();
        }
    }

    private static String one(Map<String, List<String>> options, String name) {
        return options.getOrDefault(name, List.of("")).getFirst();
    }

    private static Duration span(String millis) {
        return Duration.ofMillis(Long.parseLong(millis.replace("ms", "")));
    }
}
