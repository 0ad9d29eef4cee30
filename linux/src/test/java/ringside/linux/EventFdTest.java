package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventFdTest {

    private final Kernel kernel = new FfmKernel();

    @Test
    void drainTakesTheWholeCountAndThenNothing() {
        try (EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            assertEquals(0, eventFd.drain());
            eventFd.signal();
            eventFd.signal();
            eventFd.signal();
            assertEquals(3, eventFd.drain());
            assertEquals(0, eventFd.drain());
        }
    }

    @Test
    void aBlockingDrainWaitsForTheSignal() throws InterruptedException {
        try (EventFd eventFd = new EventFd(kernel, EventFd.Mode.BLOCKING)) {
            AtomicLong drained = new AtomicLong();
            Thread waiting = Thread.ofPlatform().daemon().start(() -> drained.set(eventFd.drain()));
            eventFd.signal();
            waiting.join(10_000);
            assertEquals(1, drained.get());
        }
    }

    @Test
    void interruptedCallsAreRepeated() {
        int[] interruptions = {0};
        Kernel interrupting = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                if ((call == Syscall.READ || call == Syscall.WRITE) && interruptions[0]++ % 3 != 2) {
                    return -Errno.EINTR;
                }
                return super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (EventFd eventFd = new EventFd(interrupting, EventFd.Mode.NON_BLOCKING)) {
            eventFd.signal();
            assertEquals(1, eventFd.drain());
            assertEquals(6, interruptions[0]);
        }
    }

    @Test
    void otherErrorsAreNotSwallowed() {
        Kernel failing = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.READ ? -Errno.EIO : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (EventFd eventFd = new EventFd(failing, EventFd.Mode.NON_BLOCKING)) {
            KernelException failure = assertThrows(KernelException.class, eventFd::drain);
            assertEquals(Errno.EIO, failure.errno().number());
            assertTrue(failure.toString().contains("eventfd " + eventFd.fd()), failure.toString());
        }
    }
}
