package ringside.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.WebrootBuild;
import ringside.linux.FfmKernel;

/// What an answer costs the server: a whole file of 1 KiB, the same asked for on a condition and answered 304, a range
/// of it, each from a directory and from a webroot; and the whole file from a second server of the directory, which
/// shows what equal servers differ by. Their order is another in each fork.
///
/// Every invocation asks for each of them 512 times over 64 connections, in an order drawn anew: so all are measured in
/// the same seconds of the same process. What counts is printed at the end: the CPU time and the allocation of the
/// server's event loop per request, as medians over the invocations, and each cost's ratio to that of the whole file
/// from the directory, taken within the invocations. JMH's own score is only how long an invocation takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 4, time = 5)
@Fork(1)
public class AnswerBenchmark {

    private static final int BODY_BYTES = 1 << 10;
    private static final int SWEEPS = 8;
    private static final String BASE = "whole, directory";

    @Param({"blocking", "sendfile", "uring"})
    public String engine = "";

    @Param({"epoll"})
    public String transport = "";

    private final List<AnswerSubject> subjects = new ArrayList<>();
    private final List<AnswerSubject> order = new ArrayList<>();
    private final List<ServedForBenchmark> servers = new ArrayList<>();
    private final Random random = new Random(1);
    private Path directory = Path.of("");

    @Setup(Level.Trial)
    public void start() throws IOException {
        directory = Files.createTempDirectory("ringside-micro");
        Path root = Files.createDirectory(directory.resolve("root"));
        byte[] body = new byte[BODY_BYTES];
        random.nextBytes(body);
        Files.write(root.resolve("file.bin"), body);
        Path webroot = directory.resolve("site.webroot");
        new WebrootBuild(new FfmKernel(), BuildPlan.builder(root, webroot).build(), BuildObserver.NONE).run();
        // The directory twice: what equal servers differ by, if only by where their memory lies.
        List<String> contents = new ArrayList<>(List.of("directory", "directory again", "webroot"));
        Collections.shuffle(contents);
        for (String from : contents) {
            ServedForBenchmark server =
                    ServedForBenchmark.start(from.equals("webroot") ? webroot : root, engine, transport);
            servers.add(server);
            subjects.add(server.subject("whole, " + from, ""));
            if (from.equals("directory again")) {
                continue;
            }
            subjects.add(server.subject("304 by tag, " + from, "If-None-Match: " + server.entityTag() + "\r\n"));
            subjects.add(
                    server.subject("304 by date, " + from, "If-Modified-Since: " + server.lastModified() + "\r\n"));
            subjects.add(server.subject("range, " + from, "Range: bytes=0-1022\r\n"));
        }
        subjects.sort(Comparator.comparing(subject -> !subject.name().equals(BASE)));
        order.addAll(subjects);
    }

    /// What the warm-up has cost isn't kept.
    @TearDown(Level.Iteration)
    public void end(IterationParams iteration) {
        if (iteration.getType() == IterationType.WARMUP) {
            subjects.forEach(AnswerSubject::forget);
        }
    }

    /// @return bytes received
    @Benchmark
    public long everyAnswer() throws IOException {
        Collections.shuffle(order, random);
        long bytes = 0;
        for (AnswerSubject subject : order) {
            bytes += subject.ask(SWEEPS);
        }
        return bytes;
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        System.out.print(table());
        for (ServedForBenchmark server : servers) {
            server.close();
        }
        Files.delete(directory.resolve("root/file.bin"));
        Files.delete(directory.resolve("root"));
        Files.delete(directory.resolve("site.webroot"));
        Files.delete(directory);
    }

    /// What was measured until now.
    List<AnswerSubject> subjects() {
        return subjects;
    }

    private String table() {
        StringBuilder table = new StringBuilder(
                "%n%s on %s, of the event loop per request, medians of %d rounds%n%-26s %12s %28s %12s%n"
                        .formatted(
                                engine,
                                transport,
                                subjects.getFirst().rounds(),
                                "",
                                "CPU µs",
                                "ratio (middle half)",
                                "bytes made"));
        for (AnswerSubject subject : subjects) {
            double[] ratios = subject.ratios(subjects.getFirst());
            table.append("%-26s %12.2f %10.3f (%.3f to %.3f) %12.0f%n"
                    .formatted(
                            subject.name(),
                            subject.cpuMicros(),
                            quantile(ratios, 0.5),
                            quantile(ratios, 0.25),
                            quantile(ratios, 0.75),
                            subject.allocatedBytes()));
        }
        return String.format(Locale.ROOT, "%s", table);
    }

    private static double quantile(double[] values, double quantile) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(int) ((sorted.length - 1) * quantile)];
    }
}
