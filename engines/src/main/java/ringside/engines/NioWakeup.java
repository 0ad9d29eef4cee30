package ringside.engines;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import ringside.linux.EventFd;

/// For java.nio, whose selectors take no descriptor of ours: a daemon thread waits for the eventfd and puts a
/// task on the loop. Two thread switches a wake-up: the price of this transport.
final class NioWakeup implements CompletionWakeup {

    private final LoopContext context;
    private final EventFd eventFd;
    private final Runnable wake;
    private final Consumer<RuntimeException> failed;
    private final Runnable wakeOnce = this::wakeOnce;
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final Thread watcher;
    private volatile boolean closed;

    private NioWakeup(LoopContext context, EventFd eventFd, Runnable wake, Consumer<RuntimeException> failed) {
        this.context = context;
        this.eventFd = eventFd;
        this.wake = wake;
        this.failed = failed;
        this.watcher = Thread.ofPlatform()
                .daemon()
                .name("completions of " + Thread.currentThread().getName())
                .unstarted(this::watch);
    }

    static NioWakeup open(LoopContext context, Runnable wake, Consumer<RuntimeException> failed) {
        NioWakeup wakeup = new NioWakeup(context, new EventFd(context.kernel(), EventFd.Mode.BLOCKING), wake, failed);
        boolean started = false;
        try {
            wakeup.watcher.start();
            started = true;
            return wakeup;
        } finally {
            if (!started) {
                wakeup.eventFd.close();
            }
        }
    }

    @Override
    public EventFd eventFd() {
        return eventFd;
    }

    /// Waits for the watching thread, which does nothing that takes time.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        eventFd.signal();
        boolean interrupted = false;
        while (watcher.isAlive()) {
            try {
                watcher.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        eventFd.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!closed) {
                eventFd.drain();
                if (!closed && wakePending.compareAndSet(false, true)) {
                    context.loop().execute(wakeOnce);
                }
            }
        } catch (RejectedExecutionException e) {
            return; // the loop has ended: nobody is left to wake
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    private void tell(RuntimeException cause) {
        try {
            context.loop().execute(() -> {
                if (!closed) {
                    failed.accept(cause);
                }
            });
        } catch (RejectedExecutionException e) {
            return; // the loop has ended: nobody is left to tell
        }
    }

    private void wakeOnce() {
        // First, so that a signal from here on brings another call.
        wakePending.set(false);
        if (!closed) {
            wake.run();
        }
    }
}
