package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.plan.PlanFile;
import ringside.bench.plan.SideSpec;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.sweep.Knee;
import ringside.bench.sweep.KneeSearch;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialMain;
import ringside.linux.FfmKernel;

/// Sides of every kind, interruptions and searches, with real servers and the real generator, for a blink.
@Timeout(120)
class BenchSidesTest {

    private static final Duration BLINK = Duration.ofMillis(200);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void jarsCommitsFlagsAndCommandsAreSides() throws IOException, InterruptedException {
        Path jar = jar(directory.resolve("other ringside.jar"));
        Path checkout = checkout(jar);
        String command = launcher().command(List.of()).stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "))
                + " serve {root} --port {port} --engine blocking --transport nio --threads 1";
        BenchPlanBuilder plan = plan().withoutControl()
                .sides(List.of(
                        SideSpec.parse("flags=engine:blocking;jvm:-XX:+UseParallelGC -Dmine=1"),
                        SideSpec.parse("other=engine:sendfile;jar:" + jar),
                        SideSpec.parse("old=commit:first;engine:blocking"),
                        SideSpec.parse("command=command:" + command)));
        Run run = run(plan, BenchObserver.NONE, checkout, Optional.empty()).run();
        assertEquals(4, run.trials().size());
        run.trials().forEach(trial -> assertTrue(trial.isValid(), trial::toString));
        assertEquals(
                List.of("-XX:+UseParallelGC", "-Dmine=1"), side(run, "flags").jvmFlags());
        assertTrue(side(run, "other").build().startsWith("jar:" + jar + ", sha-256 "));
        assertTrue(side(run, "old").build().matches("commit:[0-9a-f]{40}"));
        assertEquals(Side.Kind.COMMAND, side(run, "command").kind());
        assertEquals("flags", run.plan().baseline());
        // The commit is built once, and kept.
        Path log = directory.resolve("builds.log");
        assertEquals(1, Files.readAllLines(log).size());
        run(
                plan().withoutControl().sides(List.of(SideSpec.parse("old=commit:first"))),
                BenchObserver.NONE,
                checkout,
                Optional.empty());
        assertEquals(1, Files.readAllLines(log).size());
    }

    @Test
    void sidesThatAreNotThereAreToldBeforeAnythingRuns() throws IOException {
        Path text = Files.writeString(directory.resolve("x.jar"), "no jar");
        assertRefused("is no jar", "a=jar:" + text);
        assertRefused("there is no jar to read at /no/such.jar", "a=jar:/no/such.jar");
        assertRefused("there is no commit 'nowhere'", "a=commit:nowhere");
        assertRefused("unknown engine 'quantum'", "a=engine:quantum");
        assertFalse(Files.exists(directory.resolve("results")));
    }

    private void assertRefused(String words, String side) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> bench(
                        plan().sides(List.of(SideSpec.parse(side))), BenchObserver.NONE, directory, Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).contains(words), e::getMessage);
    }

    @Test
    void aRunThatWasStoppedGoesOnWhereItWas() throws IOException, InterruptedException {
        Stopping stopping = new Stopping(2);
        Bench bench = bench(plan().engines(List.of("blocking")).repeats(2), stopping, directory, Optional.empty());
        stopping.bench = Optional.of(bench);
        BenchResult stopped = bench.run();
        assertTrue(stopped.interrupted());
        assertEquals(2, stopped.run().trials().size());
        BenchPlanBuilder builder = new BenchPlanBuilder();
        PlanFile.parse("run.json", stopped.run().plan().yaml(), builder);
        builder.resultsDirectory(directory);
        // Another plan, or another program, is refused with what differs.
        BenchPlan same = builder.build();
        assertResumeRefused(
                "`repeats: 2` then, `repeats: 3` now", builder.repeats(3).build(), "", stopped.directory());
        assertResumeRefused("the program: commit", same, "another", stopped.directory());
        BenchResult whole = bench(same, BenchObserver.NONE, directory, Optional.of(stopped.directory()), "")
                .run();
        Run run = RunFile.read(stopped.directory());
        assertEquals(run, whole.run());
        assertTrue(run.complete());
        assertEquals(stopped.run().trials(), run.trials().subList(0, 2));
        // The order is that of the seed, as if nothing had been.
        assertEquals(
                Schedule.of(2, 2, 1).stream().map(Schedule.Slot::point).toList(),
                run.trials().stream()
                        .map(trial -> trial.side().label().startsWith("A/A") ? 1 : 0)
                        .toList());
        assertTrue(
                run.notes().stream().anyMatch(note -> note.contains("interrupted after 2 trials")),
                run.notes()::toString);
        assertResumeRefused("nothing to go on with", same, "", stopped.directory());
    }

    private void assertResumeRefused(String words, BenchPlan plan, String binary, Path stopped) {
        UnsupportedOperationException e = assertThrows(
                UnsupportedOperationException.class,
                () -> bench(plan, BenchObserver.NONE, directory, Optional.of(stopped), binary)
                        .run());
        assertTrue(String.valueOf(e.getMessage()).contains(words), e::getMessage);
    }

    /// Stops the run after so many trials.
    private static final class Stopping implements BenchObserver {
        private final int after;
        private Optional<Bench> bench = Optional.empty();

        Stopping(int after) {
            this.after = after;
        }

        @Override
        public void trialFinished(int index, int trialCount, String label, Trial trial, Duration left) {
            if (index + 1 == after) {
                bench.orElseThrow().stop();
            }
        }
    }

    @Test
    void aFullDiskLosesNothing() throws IOException, InterruptedException {
        Path small = Files.createDirectory(directory.resolve("small"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString()) == 0,
                "no file system of 16 MiB can be mounted here: that takes root");
        try {
            Path filler = small.resolve("filler");
            BenchObserver filling = new BenchObserver() {
                @Override
                public void trialFinished(int index, int trialCount, String label, Trial trial, Duration left) {
                    fill(filler);
                }
            };
            BenchPlanBuilder plan = plan().withoutControl()
                    .engines(List.of("blocking"))
                    .repeats(2)
                    .resultsDirectory(small);
            Bench bench = bench(plan, filling, directory, Optional.empty());
            IOException e = assertThrows(IOException.class, bench::run);
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains("--resume " + small), message);
            Path run = Path.of(message.substring(message.indexOf("--resume ") + "--resume ".length()));
            // The second may have found room for its histogram, if not for the record.
            int kept = RunFile.read(run).trials().size();
            assertTrue(kept >= 1, message);
            assertTrue(message.contains("trials that are kept: " + kept + "."), message);
            Files.delete(filler);
            BenchResult whole = bench(plan.build(), BenchObserver.NONE, directory, Optional.of(run), "")
                    .run();
            assertTrue(whole.isGood(), () -> whole.run().toString());
            assertEquals(2, whole.run().trials().size());
        } finally {
            run("umount", small.toString());
        }
    }

    private static void fill(Path filler) {
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            // It is full.
        }
    }

    @Test
    void aSearchFindsARateThatIsHeld() throws IOException, InterruptedException {
        BenchResult result = run(
                plan().withoutControl()
                        .engines(List.of("memory"))
                        .findKnee("p50<1s")
                        .resolve("50%"),
                BenchObserver.NONE,
                directory,
                Optional.empty());
        assertTrue(result.run().complete());
        List<Knee> knees = Knee.of(result.run());
        assertEquals(1, knees.size());
        KneeSearch search = knees.getFirst().search();
        assertInstanceOf(KneeSearch.Step.Done.class, search.next());
        assertTrue(search.capacity().orElse(0) > 0, search::toString);
        assertTrue(search.trials().size() >= 3, search::toString);
        String report = Files.readString(result.directory().resolve("report.md"));
        assertTrue(report.contains("Highest rate that holds p50"), report);
        String page = Files.readString(result.directory().resolve("report.html"));
        assertTrue(page.indexOf("Highest rate that holds p50") < page.indexOf("loads that were tried"), "its place");
    }

    private BenchPlanBuilder plan() {
        return new BenchPlanBuilder()
                .resultsDirectory(directory)
                .transports(List.of("epoll"))
                .guard(GuardRule.Mode.OFF)
                .sizes(List.of("4k"))
                .connections(List.of(4))
                .repeats(1)
                .seed(1)
                .warmUp(BLINK)
                .duration(BLINK);
    }

    private static BenchResult run(BenchPlanBuilder plan, BenchObserver observer, Path source, Optional<Path> resumed)
            throws IOException, InterruptedException {
        return bench(plan, observer, source, resumed).run();
    }

    private static Bench bench(BenchPlanBuilder plan, BenchObserver observer, Path source, Optional<Path> resumed)
            throws InterruptedException {
        return new Bench(
                plan.build(),
                launcher(),
                new FfmKernel(),
                observer,
                new Bench.RunWords(List.of(), "test", source, ""),
                resumed);
    }

    private static Bench bench(
            BenchPlan plan, BenchObserver observer, Path source, Optional<Path> resumed, String binary)
            throws InterruptedException {
        return new Bench(
                plan,
                launcher(),
                new FfmKernel(),
                observer,
                new Bench.RunWords(List.of(), "test", source, binary.isEmpty() ? "" : "ab".repeat(32)),
                resumed);
    }

    private static Launcher launcher() {
        return Launcher.likeThisProcess(TrialMain.class.getName());
    }

    private static Side side(Run run, String label) {
        return run.trials().stream()
                .map(Trial::side)
                .filter(side -> side.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /// A jar that is started with `-jar`, and finds everything where this test does.
    private static Path jar(Path path) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, TrialMain.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(launcher().classPath().split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (JarOutputStream _ = new JarOutputStream(Files.newOutputStream(path), manifest)) {
            return path;
        }
    }

    /// A checkout with one commit, tagged `first`, whose `./ringside` builds by copying a jar.
    private Path checkout(Path jar) throws IOException, InterruptedException {
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        Path script =
                Files.writeString(checkout.resolve("ringside"), """
                #!/bin/sh
                mkdir -p "$(dirname "$0")/cli/target"
                cp '%s' "$(dirname "$0")/cli/target/ringside.jar"
                echo built >> '%s'
                """.formatted(jar, directory.resolve("builds.log")));
        assertTrue(script.toFile().setExecutable(true));
        List<String> git =
                List.of("git", "-C", checkout.toString(), "-c", "user.name=t", "-c", "user.email=t@example.org");
        for (List<String> words : List.of(
                List.of("init", "-q"),
                List.of("add", "ringside"),
                List.of("commit", "-q", "-m", "First"),
                List.of("tag", "first"))) {
            List<String> command = new ArrayList<>(git);
            command.addAll(words);
            Assumptions.assumeTrue(run(command.toArray(String[]::new)) == 0, "git doesn't work here");
        }
        return checkout;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
