package ringside.engines;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import ringside.linux.EventFd;

/// Brings an event loop back when a completion queue that isn't the loop's own has got something: the queue
/// signals an eventfd(2), the loop watches it in the way of its transport.
///
/// Opened, called and closed on the loop. A call may be spurious, and several signals may be one call; but after
/// the last signal there always is a call. Nobody need drain the eventfd.
sealed interface CompletionWakeup extends AutoCloseable permits EpollWakeup, IoUringWakeup, NioWakeup {

    /// What the completion queue is to signal.
    EventFd eventFd();

    /// Stops watching and closes the eventfd. Only when the queue signals it no more. Closing twice is allowed.
    @Override
    void close();

    /// @param wake runs on the loop; must reap all that is there
    /// @param failed gets, on the loop and once, why `wake` will never be called again
    /// @throws ringside.linux.KernelException when there is no descriptor left
    static CompletionWakeup open(LoopContext context, Runnable wake, Consumer<RuntimeException> failed) {
        return switch (context.transport()) {
            case NIO -> NioWakeup.open(context, wake, failed);
            case EPOLL -> watching(context, eventFd -> new EpollWakeup(context, eventFd, wake));
            case IO_URING -> watching(context, eventFd -> new IoUringWakeup(context, eventFd, wake));
        };
    }

    private static CompletionWakeup watching(LoopContext context, Function<EventFd, CompletionWakeup> watch) {
        EventFd eventFd = new EventFd(context.kernel(), EventFd.Mode.NON_BLOCKING);
        boolean watched = false;
        try {
            CompletionWakeup wakeup = watch.apply(eventFd);
            watched = true;
            return wakeup;
        } finally {
            if (!watched) {
                eventFd.close();
            }
        }
    }

    /// Registers `handle` with the loop that this is called on.
    ///
    /// @throws IllegalStateException from another thread, or when the loop is shutting down
    static IoRegistration register(IoEventLoop loop, IoHandle handle) {
        Future<IoRegistration> registration = loop.register(handle);
        if (!registration.isSuccess()) {
            throw new IllegalStateException(
                    "an engine can be opened only on its event loop, and not while that shuts down",
                    registration.cause());
        }
        return registration.getNow();
    }
}
