package ringside.engines;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Keeps one kind of call waiting at its door until it is opened: a device that takes as long as a test wants.
final class GateKernel implements Kernel {

    private final Kernel kernel;
    private final Syscall kept;
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();

    GateKernel(Kernel kernel, Syscall kept) {
        this.kernel = kernel;
        this.kept = kept;
    }

    /// From now on nobody waits.
    void open() {
        open.countDown();
    }

    /// Calls at the door.
    int waiting() {
        return waiting.get();
    }

    /// Calls that came there so far.
    int calls() {
        return calls.get();
    }

    @Override
    public String name() {
        return "gate";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (call == kept) {
            calls.incrementAndGet();
            waiting.incrementAndGet();
            try {
                if (!open.await(LoopFixture.WAIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody opened the gate");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                waiting.decrementAndGet();
            }
        }
        return kernel.call(call, a0, a1, a2, a3, a4, a5);
    }
}
