package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.FfmKernel;

/// Where a server listens, and on which threads.
class ListenTest {

    private static final int CLIENTS = 90;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void eachLoopServes(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory, config -> config.withThreads(3), channel -> {})) {
            for (int i = 0; i < CLIENTS; i++) {
                try (RawClient client = server.client()) {
                    assertEquals(200, client.get("/small.txt").status());
                }
            }
            List<ServerCounters> byLoop = server.server.countersByLoop();
            assertEquals(3, byLoop.size());
            assertEquals(
                    CLIENTS,
                    byLoop.stream().mapToLong(ServerCounters::connections).sum());
            // The kernel shares out by a hash of the addresses: that one of three gets none of 90 has a chance of
            // one in 10^15.
            for (ServerCounters counters : byLoop) {
                assertTrue(counters.connections() > 0 && counters.answers() > 0, byLoop.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NIO, 1, 1",
        "NIO, 2, 2",
        "EPOLL, 1, 1",
        "EPOLL, 2, 2",
        "EPOLL, 1, 2",
        "EPOLL, 2, 1",
        "IO_URING, 1, 1",
        "IO_URING, 2, 2",
        "IO_URING, 1, 2",
        "IO_URING, 2, 1"
    })
    void portInUseSaysSo(Transport transport, int threads, int threadsOfSecond) throws IOException {
        try (TestServer server =
                new TestServer(transport, directory, config -> config.withThreads(threads), channel -> {})) {
            ServerConfig second = ServerConfig.of(
                            server.root, ChosenEngine.parse("blocking"), transport, new FfmKernel())
                    .withThreads(threadsOfSecond)
                    .withBind(server.server.address());
            IOException e = assertThrows(IOException.class, () -> HttpServer.start(second));
            assertTrue(String.valueOf(e.getMessage()).contains("Choose another port"), e.getMessage());
        }
    }

    @Test
    void loopsArePinned() throws IOException {
        CpuAffinity affinity = new CpuAffinity(new FfmKernel());
        int[] allowed = affinity.get().toArray();
        int threads = Math.min(2, allowed.length);
        CpuSet cpus = threads == 1 ? CpuSet.of(allowed[0]) : CpuSet.of(allowed[1], allowed[0]);
        List<CpuSet> before = loopAffinities(affinity);
        try (TestServer server = new TestServer(
                Transport.NIO, directory, config -> config.withThreads(threads).withCpus(cpus), channel -> {})) {
            assertTrue(server.server.port() > 0);
            List<CpuSet> pinned = new java.util.ArrayList<>(loopAffinities(affinity));
            before.forEach(pinned::remove);
            assertEquals(threads, pinned.size(), pinned.toString());
            int[] wanted = cpus.toArray();
            for (int i = 0; i < threads; i++) {
                assertTrue(pinned.contains(CpuSet.of(wanted[i])), pinned + " for " + cpus);
            }
        }
    }

    @Test
    void cpusThatThereAreNotAreNoDefect() {
        ServerConfig config = ServerConfig.of(directory, ChosenEngine.parse("blocking"), Transport.NIO, new FfmKernel())
                .withThreads(1)
                .withCpus(CpuSet.of(CpuSet.CPUS_MAX - 1));
        UnsupportedOperationException e =
                assertThrows(UnsupportedOperationException.class, () -> HttpServer.start(config));
        assertTrue(String.valueOf(e.getMessage()).contains("name some of "), e.getMessage());
    }

    /// Of the threads of this process that are event loops, by their names in `/proc`.
    private static List<CpuSet> loopAffinities(CpuAffinity affinity) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> name(task).startsWith("ringside-loop"))
                    .map(task ->
                            affinity.get(Integer.parseInt(task.getFileName().toString())))
                    .toList();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return "";
        }
    }
}
