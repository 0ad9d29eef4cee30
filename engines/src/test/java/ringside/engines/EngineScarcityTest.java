package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// What holds for every engine of the registry on every transport when there is little of something: memory,
/// places in a queue, buffers. What is scarce is waited for, or refused when the engine is opened.
@Timeout(120)
final class EngineScarcityTest extends EngineMatrix {

    private static final int BODY_BYTES_MAX = 250_000;
    /// More than the smallest AIO context takes.
    private static final int READS_AT_ONCE = 400;

    /// Out of memory at each call in turn that opening the engine makes: it says so, and leaves nothing.
    @ParameterizedTest
    @MethodSource("pairs")
    void openingWithoutMemoryLeavesNothing(String engine, Transport transport) throws Exception {
        for (ChosenEngine chosen : configurations(engine, transport)) {
            int calls = 0;
            for (int nth = 1; calls == 0; nth++) {
                NthCallFails kernel = new NthCallFails(KERNEL, nth);
                openAndClose(chosen, transport, kernel);
                calls = kernel.failed().isEmpty() ? nth : 0;
                leaks.check();
            }
            boolean queued = EngineSeams.of(engine, transport)
                    .filter(seams -> seams.calls().contains(Syscall.IO_URING_ENTER))
                    .isPresent();
            assertTrue(!queued || calls > 4, chosen + " makes a ring, but only " + (calls - 1) + " calls");
        }
    }

    private static void openAndClose(ChosenEngine chosen, Transport transport, NthCallFails kernel) {
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            try {
                fixture.on(() -> {
                    chosen.engine().open(fixture.context(), chosen.options()).close();
                    return "opened";
                });
            } catch (CompletionException e) {
                Throwable told = e.getCause();
                boolean clear = told instanceof KernelException kernelSays
                        ? kernelSays.errno().number() == Errno.ENOMEM
                        : told instanceof UnsupportedOperationException && says(String.valueOf(told.getMessage()));
                assertTrue(clear, () -> chosen + " without memory for " + kernel.failed() + " says " + told);
            }
            assertEquals(0, fixture.buffersBytes(), () -> "buffers, after " + kernel.failed());
        }
    }

    /// The second where the process has another ring, of a loop that is still on its way down, and that one is the
    /// one without memory: it then could be the loop's.
    private static boolean says(String message) {
        return message.contains("ENOMEM") || message.contains("can't be told from others");
    }

    /// Queues of one, one thread, the smallest chunks and buffers, with each choice that the engine gives: what is
    /// scarce is waited for.
    @ParameterizedTest
    @MethodSource("pairs")
    void theLeastOfEverythingSuffices(String engine, Transport transport) throws Exception {
        for (ChosenEngine chosen : configurations(engine, transport)) {
            boolean refuses = chosen.engine() instanceof MemoryEngine;
            try (RangeServer server = server(chosen, transport, KERNEL)) {
                new FaultTraffic(file, System.nanoTime(), 30_000, 1)
                        .run(server, refuses ? Set.of(-Errno.EFBIG) : Set.of());
            } catch (AssertionError | IOException e) {
                throw new AssertionError(chosen.name() + ":" + chosen.options(), e);
            }
        }
    }

    /// An AIO context that is really full, and a completion queue that just holds what is under way.
    @ParameterizedTest
    @MethodSource("readingPairs")
    void aQueueSmallerThanWhatIsAskedOfItLosesNothing(String name, Transport transport) throws Exception {
        assumeAvailable(name, transport);
        ReadingEngine engine = (ReadingEngine) Engines.byName(name);
        boolean deep = engine.spec().options().stream()
                .anyMatch(option -> option.name().equals("queue-depth") && option.maximum() >= READS_AT_ONCE);
        NarrowKernel narrow = new NarrowKernel(KERNEL);
        try (LoopFixture fixture = new LoopFixture(transport, narrow)) {
            OpenFile open = fixture.open(file.path());
            FileReader reader = fixture.on(() -> engine.openReader(
                    fixture.context(), EngineOptions.parse(engine.spec(), deep ? "queue-depth=" + READS_AT_ONCE : "")));
            List<CompletableFuture<byte[]>> reads = fixture.on(() -> {
                List<CompletableFuture<byte[]>> started = new ArrayList<>();
                for (int i = 0; i < READS_AT_ONCE; i++) {
                    started.add(LoopFixture.readFully(reader, open, i * 1000L, 5000));
                }
                return started;
            });
            for (int i = 0; i < READS_AT_ONCE; i++) {
                byte[] read = LoopFixture.await(reads.get(i));
                assertEquals(-1, file.mismatch(read, 5000, i * 1000L), "wrong byte of read " + i);
            }
            fixture.on(() -> {
                open.release();
                reader.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
        if (EngineSeams.of(name, transport)
                .filter(seams -> seams.calls().contains(Syscall.IO_SUBMIT))
                .isPresent()) {
            assertTrue(narrow.full() > 0, "the context was never full");
        }
    }

    /// More completions at once than the loop's ring has entries for: the kernel keeps the rest
    /// (`IORING_FEAT_NODROP`).
    @ParameterizedTest
    @MethodSource("names")
    void theLoopsRingOverflows(String engine) throws Exception {
        assumeAvailable(engine, Transport.IO_URING);
        IoHandlerFactory handlers = IoUringIoHandler.newFactory(
                new IoUringIoHandlerConfig().setRingSize(8).setCqSize(8));
        ChosenEngine chosen = ChosenEngine.parse(engine + ":chunk-bytes=64k");
        try (OverflowWarnings warnings = new OverflowWarnings();
                RangeServer server = new RangeServer(chosen, Transport.IO_URING, handlers, KERNEL, file, 16 << 10)) {
            List<RangeClient> clients = new ArrayList<>();
            CountDownLatch connected = new CountDownLatch(1);
            CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> hold(server, connected));
            for (int i = 0; i < 40; i++) {
                RangeClient client = i % 2 == 0 ? server.client() : server.slowClient();
                client.request(i, BODY_BYTES_MAX);
                client.request(2L * i, 10_000);
                clients.add(client);
            }
            connected.countDown();
            assertEquals("went on", held.join());
            for (int i = 39; i >= 0; i--) {
                try (RangeClient client = clients.get(i)) {
                    client.expect(file, i, BODY_BYTES_MAX);
                    client.expect(file, 2L * i, 10_000);
                }
            }
            assertTrue(warnings.count() > 0, "the ring never overflowed");
        }
    }

    /// Keeps the loop from its ring.
    private static String hold(RangeServer server, CountDownLatch until) {
        try {
            return server.onLoop(() -> {
                until.await();
                return "went on";
            });
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /// Every number at its least, with each of the words that its other options take.
    private static List<ChosenEngine> configurations(String name, Transport transport) {
        assumeAvailable(name, transport);
        EngineSpec spec = Engines.byName(name).spec();
        String least = spec.options().stream()
                .filter(option -> option.choices().isEmpty())
                .map(option -> option.name() + "=" + option.minimum())
                .collect(Collectors.joining(","));
        List<ChosenEngine> configurations = new ArrayList<>();
        configurations.add(ChosenEngine.parse(name + ":" + least));
        for (EngineOption option : spec.options()) {
            for (String word : option.choices().stream().skip(1).toList()) {
                ChosenEngine chosen = ChosenEngine.parse(name + ":" + least + "," + option.name() + "=" + word);
                if (opens(chosen, transport)) {
                    configurations.add(chosen);
                }
            }
        }
        return configurations;
    }

    /// What this machine hasn't got (IOPOLL, say) is refused with a reason.
    private static boolean opens(ChosenEngine chosen, Transport transport) {
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            fixture.on(() -> {
                chosen.engine().open(fixture.context(), chosen.options()).close();
                return "opened";
            });
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UnsupportedOperationException || e.getCause() instanceof KernelException) {
                return false;
            }
            throw e;
        }
    }
}
