package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// What holds when the kernel fails, for every engine of the registry on every transport: the client gets the
/// right bytes or a connection that is cut behind right ones, never others; everything ends; nothing is left
/// behind.
///
/// What can be injected where is in [EngineSeams].
@Timeout(120)
final class EngineFaultsTest extends EngineMatrix {

    /// By which engines move bytes.
    private static final List<Syscall> DATA_CALLS =
            List.of(Syscall.PREAD64, Syscall.PREADV2, Syscall.SENDTO, Syscall.SENDFILE, Syscall.IO_SUBMIT);

    private static final int BODY_BYTES_MAX = 250_000;
    private static final int ROUNDS = 3;

    /// Signals, calls that move less than they were asked to or say "not now", a queue that takes nothing for a
    /// while.
    @ParameterizedTest
    @MethodSource("pairs")
    void interruptedShortAndRefusedCallsCostTimeOnly(String engine, Transport transport) throws Exception {
        long seed = System.nanoTime();
        FaultyKernel.Builder faults = FaultyKernel.builder(KERNEL, seed);
        for (Syscall call : DATA_CALLS) {
            faults.fail(call, Errno.EINTR, 0.2).shorten(call, 0.3).fail(call, Errno.EAGAIN, retries(call) ? 0.1 : 0);
        }
        faults.fail(Syscall.IO_URING_ENTER, Errno.EINTR, 0.1)
                .fail(Syscall.IO_URING_ENTER, Errno.EAGAIN, 0.1)
                .fail(Syscall.IO_URING_ENTER, Errno.EBUSY, 0.1)
                .shorten(Syscall.IO_URING_ENTER, 0.2)
                .fail(Syscall.IO_GETEVENTS, Errno.EINTR, 0.2)
                .fail(Syscall.READ, Errno.EINTR, 0.2)
                .fail(Syscall.WRITE, Errno.EINTR, 0.2)
                .fail(Syscall.CLOSE, Errno.EINTR, 0.2);
        FaultyKernel faulty = faults.build();
        serve(engine, transport, KERNEL, faulty, Set.of());
        EngineSeams.of(engine, transport).ifPresent(seams -> {
            for (Syscall call : seams.calls()) {
                assertTrue(faulty.injected(call) > 0, "no fault has met " + call.manName() + ": " + faulty);
            }
            if (seams.calls().isEmpty()) {
                long calls = DATA_CALLS.stream().mapToLong(faulty::calls).sum() + faulty.calls(Syscall.IO_URING_ENTER);
                assertEquals(0, calls, "faults can be injected after all: " + faulty);
            }
        });
    }

    private static boolean retries(Syscall call) {
        return call == Syscall.SENDTO || call == Syscall.SENDFILE || call == Syscall.IO_SUBMIT;
    }

    /// What a broken disk does, in the middle of a body and before it, and a process that has no descriptor or
    /// memory left for what a file or a connection needs.
    @ParameterizedTest
    @MethodSource("pairs")
    void failingCallsCutOrRefuse(String engine, Transport transport) throws Exception {
        FaultyKernel.Builder faults = FaultyKernel.builder(KERNEL, System.nanoTime());
        for (Syscall call : DATA_CALLS) {
            faults.fail(call, Errno.EIO, 0.2);
        }
        FaultyKernel faulty = faults.fail(Syscall.OPENAT, Errno.EMFILE, 0.3)
                .fail(Syscall.STATX, Errno.ENOMEM, 0.3)
                .fail(Syscall.MMAP, Errno.ENOMEM, 0.3)
                .fail(Syscall.PIPE2, Errno.EMFILE, 0.3)
                .fail(Syscall.FCNTL, Errno.EIO, 0.1)
                .build();
        Map<RangeClient.Answer, Integer> answers =
                serve(engine, transport, KERNEL, faulty, Set.of(-Errno.EIO, -Errno.EMFILE, -Errno.ENOMEM));
        EngineSeams.of(engine, transport).ifPresent(seams -> {
            if (DATA_CALLS.stream().anyMatch(seams.calls()::contains)) {
                long injected = DATA_CALLS.stream().mapToLong(faulty::injected).sum();
                assertTrue(injected > 0, faulty::toString);
                assertTrue(answers.size() > 1, () -> "EIO has no effect: " + answers + " " + faulty);
            }
        });
    }

    /// Short and failed completions of rings and contexts of ours, made by the kernel itself.
    @ParameterizedTest
    @MethodSource("pairs")
    void completionsThatFailOrAreShort(String engine, Transport transport) throws Exception {
        long seed = System.nanoTime();
        AlteringKernel altering = new AlteringKernel(KERNEL, seed, 0.1);
        serve(engine, transport, altering, altering, Set.of(-Errno.EBADF));
        EngineSeams.of(engine, transport)
                .filter(seams -> seams.calls().contains(Syscall.IO_URING_ENTER)
                        || seams.calls().contains(Syscall.IO_SUBMIT))
                .ifPresent(seams -> assertTrue(altering.failed() > 0, "nothing was altered: " + altering));
    }

    /// A ring or a context that stops working for good, at some time.
    @ParameterizedTest
    @MethodSource("pairs")
    void aQueueThatBreaksEndsEverythingCleanly(String engine, Transport transport) throws Exception {
        FaultyKernel faulty = FaultyKernel.builder(KERNEL, System.nanoTime())
                .fail(Syscall.IO_URING_ENTER, Errno.EBADF, 0.02)
                .fail(Syscall.IO_SUBMIT, Errno.EINVAL, 0.02)
                .build();
        serve(engine, transport, KERNEL, faulty, Set.of(-Errno.EBADF, -Errno.EINVAL));
    }

    /// @param opening the kernel while the engine is opened
    /// @param serving the kernel from then on, which says its seed when this fails
    private Map<RangeClient.Answer, Integer> serve(
            String engine, Transport transport, Kernel opening, Kernel serving, Set<Integer> errors) throws Exception {
        assumeAvailable(engine, transport);
        long seed = System.nanoTime();
        SwitchedKernel kernel = new SwitchedKernel(opening);
        try (RangeServer server = server(ChosenEngine.parse(engine + ":chunk-bytes=64k"), transport, kernel)) {
            kernel.to(serving);
            return new FaultTraffic(file, seed, BODY_BYTES_MAX, ROUNDS).run(server, errors);
        } catch (AssertionError | IOException e) {
            throw new AssertionError("traffic's seed " + seed + ", " + serving, e);
        }
    }
}
