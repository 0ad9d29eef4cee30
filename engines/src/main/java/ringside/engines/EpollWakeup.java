package ringside.engines;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import ringside.linux.EventFd;

/// The eventfd in the loop's epoll(7) set, edge-triggered: each signal is an event, so that the counter need not
/// be read, and a wake-up costs no system call of its own.
final class EpollWakeup implements CompletionWakeup, EpollIoHandle {

    private final EventFd eventFd;
    private final FileDescriptor descriptor;
    private final Runnable wake;
    private final IoRegistration registration;
    private boolean closed;

    /// @param eventFd closed with this; when this can't be made, it stays the caller's
    EpollWakeup(LoopContext context, EventFd eventFd, Runnable wake) {
        this.eventFd = eventFd;
        this.descriptor = new FileDescriptor(eventFd.fd());
        this.wake = wake;
        this.registration = CompletionWakeup.register(context.loop(), this);
        boolean watched = false;
        try {
            registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
            watched = true;
        } finally {
            if (!watched) {
                registration.cancel();
            }
        }
    }

    @Override
    public EventFd eventFd() {
        return eventFd;
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (!closed) {
            wake.run();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            registration.cancel();
        } finally {
            eventFd.close();
        }
    }
}
