package ringside.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C and SIGTERM during a command: asks the work to stop and keeps the JVM up until it has, so that what was
/// finished is written and no child is left. The JVM then exits with 130 or 143 by itself.
final class Interrupt implements AutoCloseable {

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private final Duration grace;

    private Interrupt(Runnable stop, Duration grace) {
        this.grace = grace;
        hook = new Thread(() -> stopAndWait(stop), "interrupt");
    }

    /// To be held until the last line is written. If the JVM is already on its way down, this doesn't return.
    ///
    /// @param stop asks the work to end soon; called from another thread, once, maybe before the work has begun
    /// @param grace how long the work may take from then on
    static Interrupt onSignal(Runnable stop, Duration grace) {
        Interrupt interrupt = new Interrupt(stop, grace);
        try {
            Runtime.getRuntime().addShutdownHook(interrupt.hook);
        } catch (IllegalStateException e) {
            awaitEnd();
        }
        return interrupt;
    }

    /// The signal came before the work: nothing is to be begun any more.
    private static void awaitEnd() {
        while (true) {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                // The JVM ends this thread, nobody else does.
            }
        }
    }

    /// The work has ended, stopped or not: after this the JVM may go.
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down: the hook runs, and now ends.
        }
    }

    private void stopAndWait(Runnable stop) {
        stop.run();
        try {
            if (!finished.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                System.err.println("ringside: gave up waiting after " + Quantities.text(grace) + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
