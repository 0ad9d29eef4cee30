package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Waits until one of a few descriptors is readable: poll(2). For a thread that waits for something and for being
/// told to stop; not for event loops.
///
/// One thread at a time; the memory lives as long as the arena.
public final class Poll {

    /// `struct pollfd`, `poll.h`.
    static final StructLayout POLLFD = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));

    private static final int EVENTS = 4;
    private static final int ANSWERED = 6;
    private static final long FOR_EVER = -1;

    private final Kernel kernel;
    private final MemorySegment table;
    private final int count;

    /// @param fds stay the caller's, open for as long as this is used
    public Poll(Kernel kernel, Arena arena, int... fds) {
        this.kernel = kernel;
        this.count = fds.length;
        this.table = arena.allocate(POLLFD, fds.length);
        for (int i = 0; i < count; i++) {
            table.set(ValueLayout.JAVA_INT, i * POLLFD.byteSize(), fds[i]);
            table.set(ValueLayout.JAVA_SHORT, i * POLLFD.byteSize() + EVENTS, (short) EventFd.POLLIN);
        }
    }

    /// Returns when one of the descriptors is readable, has failed, or was hung up on. Signals don't end it.
    ///
    /// @throws KernelException when the kernel refuses
    public void await() {
        KernelException.check(
                Syscall.POLL,
                count + " descriptors",
                Interruptions.restart(kernel, Syscall.POLL, table.address(), count, FOR_EVER, 0));
    }

    /// Whether the i-th descriptor ended the last [#await()], or one of those that did.
    public boolean isReady(int index) {
        return table.get(ValueLayout.JAVA_SHORT, index * POLLFD.byteSize() + ANSWERED) != 0;
    }
}
