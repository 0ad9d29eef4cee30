package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.bench.peer.Peer;
import ringside.bench.peer.Peers;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Ledger;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Summary;
import ringside.bench.result.Trial;
import ringside.bench.result.WarmUp;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialMain;
import ringside.linux.FfmKernel;

/// The whole experiment with the real server, the real generator and real peers, for a blink.
@Timeout(120)
class BenchTest {

    private static final Duration BLINK = Duration.ofMillis(250);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void measuresAnEngineWhoseFilesStayInTheCache() throws IOException, InterruptedException {
        BenchResult result = run(plan().engines(List.of("blocking")).transports(List.of("epoll")));
        assertTrue(result.run().complete());
        assertEquals(result.run(), RunFile.read(result.directory()));
        Measurements measured = valid(result.run().trials().getFirst());
        assertTrue(measured.requests() > 0);
        assertEquals(measured.requests() * 4096, measured.bodyBytes());
        assertEquals(Measured.of(1), measured.residencyBefore());
        assertEquals(Measured.of(1), measured.residencyAfter());
        assertTrue(measured.generator().cpuMicrosPerRequest().isKnown());
        assertTrue(Files.size(result.directory().resolve(measured.hlogFile())) > 0);
        assertFalse(Files.exists(result.directory().resolve("files")));
        assertNoChildren();
    }

    @Test
    void theBaselineRunsOnceMoreAndIsNoSideOfTheTables() throws IOException, InterruptedException {
        BenchResult result = run(new BenchPlanBuilder()
                .resultsDirectory(directory)
                .engines(List.of("blocking"))
                .transports(List.of("epoll"))
                .sizes(List.of("4k"))
                .repeats(1)
                .warmUp(BLINK)
                .duration(BLINK)
                .guard(GuardRule.Mode.MARK));
        Run run = RunFile.read(result.directory());
        assertEquals("blocking/epoll", run.plan().baseline());
        assertEquals("A/A blocking/epoll", run.plan().control());
        run.trials().forEach(BenchTest::valid);
        assertEquals(
                Set.of("blocking/epoll", "A/A blocking/epoll"),
                run.trials().stream().map(trial -> trial.side().label()).collect(Collectors.toSet()));
        Summary.Group group = Summary.of(run, result.directory()).groups().getFirst();
        assertEquals(1, group.points().size());
        assertEquals(1, group.control().orElseThrow().valid());
        String report = Files.readString(result.directory().resolve("report.md"));
        assertTrue(report.contains("A/A: blocking/epoll once more took"), report);
    }

    @Test
    void aWarmUpEndsWithTheSteadyStateOrSaysThatThereWasNone() throws IOException, InterruptedException {
        BenchResult result = run(plan().engines(List.of("blocking"))
                .transports(List.of("epoll"))
                .warmUpUntilSteady(Optional.of(Duration.ofMillis(1900))));
        Run run = result.run();
        assertTrue(run.rules().warmUp().untilSteady());
        Trial trial = run.trials().getFirst();
        Measurements measured = valid(trial);
        WarmUp warmUp = measured.warmUp();
        assertTrue(warmUp.seconds() >= 1.4, warmUp::toString);
        assertTrue(warmUp.ended() != WarmUp.Ended.TIME, warmUp::toString);
        assertTrue(warmUp.sentence().contains("compilers used"), warmUp::toString);
        assertEquals(
                warmUp.ended() == WarmUp.Ended.UNSTEADY, trial.notes().contains(warmUp.sentence()), trial::toString);
        assertTrue(measured.generator().collections().isKnown());
        assertTrue(measured.surroundings().within().seconds() >= 0.25, measured::toString);
        assertTrue(measured.surroundings().within().othersCpus().isKnown(), measured::toString);
        assertTrue(measured.surroundings().before().seconds() > warmUp.seconds(), measured::toString);
    }

    @Test
    void coldFilesAreProvenColdAndAskedForOnce() throws IOException, InterruptedException {
        BenchResult result = run(plan().engines(List.of("blocking"))
                .transports(List.of("epoll"))
                .sizes(List.of("1m"))
                .caches(List.of("cold")));
        Trial trial = result.run().trials().getFirst();
        Assumptions.assumeFalse(
                trial.reason().orElse("").startsWith("not cold"),
                () -> "this file system keeps all in memory: " + trial.reason());
        Measurements measured = valid(trial);
        assertEquals(Measured.of(0), measured.residencyBefore());
        assertTrue(measured.requests() <= trial.workload().fileCount());
        // What was asked for has come into the cache, and nothing else has.
        double expected = (double) measured.requests() / trial.workload().fileCount();
        assertTrue(measured.residencyAfter().orElse(-1) >= expected * 0.99, measured::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "nginx-read", "h2o", "lighttpd"})
    void measuresAPeerLikeOurs(String name) throws IOException, InterruptedException {
        Peer peer = Peers.byName(name);
        Assumptions.assumeTrue(
                Peers.find(peer.program()).isPresent(),
                () -> Peers.notInstalled(name, peer.program(), peer.aptPackage()));
        // 256 KiB are read back and checked byte for byte by the generator before it begins.
        BenchResult result = run(plan().engines(List.of()).peers(List.of(name)).sizes(List.of("256k")));
        Measurements measured = valid(result.run().trials().getFirst());
        assertTrue(measured.requests() > 0);
        String version = result.run().environment().peerVersions().get(name);
        assertTrue(version != null && version.matches(".*[0-9]\\.[0-9].*"), () -> String.valueOf(version));
        assertNoChildren();
    }

    @Test
    void theLedgerTellsTheEnginesApart() throws IOException, InterruptedException {
        BenchResult result = run(plan().engines(List.of("sendfile", "uring"))
                .duration(Duration.ofSeconds(1))
                .ledger(true));
        Run run = result.run();
        assertTrue(run.complete());
        assertEquals(run, RunFile.read(result.directory()));
        assertEquals(run.trials().size(), run.ledger().trials().size());
        run.ledger().trials().forEach(counted -> valid(counted.trial()));
        Ledger sendfile = ledger(run, "sendfile/epoll");
        Assumptions.assumeTrue(
                sendfile.perRequest(Ledger.SYSTEM_CALLS).isKnown(),
                () -> sendfile.perRequest(Ledger.SYSTEM_CALLS).toString());
        // Counters and answers are read while nothing is asked.
        assertEquals(1, sendfile.perRequest("sendfile").orElse(-1), 0.005, sendfile::toString);
        assertTrue(sendfile.perRequest(Ledger.ALLOCATED_BYTES).orElse(-1) > 0, sendfile::toString);
        assertEquals(Measured.of(0), sendfile.perRequest("io_uring_enter"));
        Ledger ring = ledger(run, "uring/io_uring");
        assertTrue(ring.perRequest("io_uring_enter").orElse(0) > 0.05, ring::toString);
        assertEquals(Measured.of(0), ring.perRequest("sendfile"));
        // An engine that reads so does it once for each request; the JVM reads a class now and then.
        assertTrue(ring.perRequest("pread64").orElse(1) < 0.2, ring::toString);
        // A read of the file, a send and a receive; some receives are told by a multishot.
        assertTrue(ring.perRequest(Ledger.RING_REQUESTS).orElse(0) > 1.9, ring::toString);
        assertEquals(1, ring.perRequest("ring reads").orElse(-1), 0.005, ring::toString);
        assertTrue(
                run.ledger().overhead().rate().median().orElse(0) > 0.2,
                () -> run.ledger().overhead().toString());
        assertNoChildren();
    }

    private static Ledger ledger(Run run, String label) {
        return run.ledger().trials().stream()
                .filter(counted -> counted.trial().side().label().equals(label))
                .map(LedgerTrial::ledger)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void measuresWithWrk() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Peers.find("wrk").isPresent(), () -> Peers.notInstalled("wrk", "wrk", "wrk"));
        BenchResult result = run(
                plan().engines(List.of("memory")).transports(List.of("epoll")).generators(List.of("ringside", "wrk")));
        Trial trial = result.run().trials().stream()
                .filter(t -> t.side().generator().equals("wrk"))
                .findFirst()
                .orElseThrow();
        Measurements measured = valid(trial);
        assertEquals("memory/epoll by wrk", trial.side().label());
        assertTrue(measured.requests() > 0);
        assertFalse(measured.serviceTime().p99Micros().isKnown());
        assertEquals(1, trial.workload().fileCount());
    }

    @Test
    void aServerThatDiesAtItsStartIsQuoted() throws IOException, InterruptedException {
        Launcher broken = new Launcher(
                Path.of(System.getProperty("java.home"), "bin", "java"), List.of(), directory.toString(), "no.Such");
        BenchResult result = new Bench(
                        plan().engines(List.of("blocking"))
                                .transports(List.of("nio"))
                                .build(),
                        broken,
                        new FfmKernel(),
                        BenchObserver.NONE,
                        words())
                .run();
        assertTrue(result.run().complete());
        assertFalse(result.isGood());
        Outcome outcome = result.run().trials().getFirst().outcome();
        assertTrue(
                outcome instanceof Outcome.Failed(String reason)
                        && reason.contains("exit code 1")
                        && reason.contains("no.Such"),
                outcome::toString);
    }

    @Test
    void resultsThatCanNotBeWrittenAreToldBeforeAnythingRuns() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        BenchPlan plan = plan().resultsDirectory(file.resolve("results")).build();
        IOException e = assertThrows(
                IOException.class,
                () -> new Bench(plan, launcher(), new FfmKernel(), BenchObserver.NONE, words()).run());
        assertTrue(String.valueOf(e.getMessage()).contains("Name another results directory"), e::getMessage);
    }

    @Test
    void interruptKeepsFinishedTrialsAndLeavesNoProcess() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(new Launcher(
                        launcher().java(), launcher().flags(), launcher().classPath(), BenchMain.class.getName())
                .command(List.of(directory.toString(), "engines=blocking", "sizes=4k", "repeats=50", "millis=200")));
        Process orchestrator =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        List<ProcessHandle> children = new ArrayList<>();
        try (BufferedReader lines = orchestrator.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("1/")) {
                line = lines.readLine();
            }
            assertNotEquals(null, line, "the orchestrator ended before its first trial");
            while (children.isEmpty() && orchestrator.isAlive()) {
                children.addAll(orchestrator.toHandle().descendants().toList());
                Thread.onSpinWait();
            }
            new ProcessBuilder("kill", "-TERM", Long.toString(orchestrator.pid()))
                    .start()
                    .waitFor();
            assertTrue(orchestrator.waitFor(30, TimeUnit.SECONDS), "still there after SIGTERM");
        } finally {
            children.addAll(orchestrator.toHandle().descendants().toList());
            orchestrator.destroyForcibly();
        }
        assertEquals(143, orchestrator.exitValue());
        for (ProcessHandle child : children) {
            assertFalse(child.isAlive(), () -> child.info().toString());
        }
        Run run = RunFile.read(onlyDirectory());
        assertFalse(run.complete());
        assertFalse(run.trials().isEmpty());
        run.trials().forEach(trial -> assertTrue(trial.isValid(), trial::toString));
        assertFalse(Files.exists(onlyDirectory().resolve("files")));
        assertEquals(List.of(), processesWith(directory.toString()));
    }

    /// Processes whose command line names a directory or that hold files of it open; not this one.
    private static List<String> processesWith(String name) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                boolean self =
                        process.endsWith(Long.toString(ProcessHandle.current().pid()));
                if (!self && (commandLine(process).contains(name) || holds(process, name))) {
                    found.add(process.getFileName() + " " + commandLine(process));
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean holds(Path process, String name) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.readSymbolicLink(descriptor).toString().startsWith(name)) {
                    return true;
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // It has ended, or closed what was listed.
        }
        return false;
    }

    private Path onlyDirectory() throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.findFirst().orElseThrow();
        }
    }

    private BenchPlanBuilder plan() {
        return new BenchPlanBuilder()
                .resultsDirectory(directory)
                .sizes(List.of("4k"))
                .connections(List.of(4))
                .repeats(1)
                .withoutControl()
                .seed(1)
                .warmUp(BLINK)
                .duration(BLINK)
                // Tests run on machines that are busy with other tests.
                .guard(GuardRule.Mode.MARK);
    }

    private static BenchResult run(BenchPlanBuilder plan) throws IOException, InterruptedException {
        return new Bench(plan.build(), launcher(), new FfmKernel(), BenchObserver.NONE, words()).run();
    }

    private static Launcher launcher() {
        return Launcher.likeThisProcess(TrialMain.class.getName());
    }

    private static Bench.RunWords words() {
        return new Bench.RunWords(List.of(), "test", Path.of("").toAbsolutePath(), "");
    }

    private static Measurements valid(Trial trial) {
        assertTrue(trial.isValid(), trial::toString);
        return trial.measurements().orElseThrow();
    }

    /// Neither a child of ours nor an orphan that serves this test's files, such as a worker without its master.
    private void assertNoChildren() throws IOException {
        assertEquals(List.of(), processesWith(directory.toString()));
        assertEquals(
                0,
                ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .count());
    }
}
