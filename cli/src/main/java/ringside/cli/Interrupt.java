package ringside.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C and SIGTERM during a command: asks the work to stop and keeps the JVM up until it has, so that what was
/// finished is written and no child is left. The JVM then exits with 130 or 143 by itself.
final class Interrupt implements AutoCloseable {

    private static final long GRACE_SECONDS = 20;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    private Interrupt(Runnable stop) {
        hook = new Thread(() -> stopAndWait(stop), "interrupt");
    }

    /// @param stop asks the work to end soon; called from another thread, once
    static Interrupt onSignal(Runnable stop) {
        Interrupt interrupt = new Interrupt(stop);
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
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
            if (!finished.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("ringside: gave up waiting after " + GRACE_SECONDS + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
