package ringside.engines;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ringside.linux.Syscall;

/// Which of an engine's calls pass our [ringside.linux.Kernel], so that faults can be injected into them, and why
/// others don't. [EngineFaultsTest] holds every row against what the engine really does; an engine without a row
/// gets the same faults, and nobody says which of them it must have met. `memory` has none: it makes one call for
/// a file, and its own test lets that one fail.
///
/// @param engine its name
/// @param transports where this holds
/// @param calls that move its bytes, or carry its queue: all of them must have met faults
/// @param why nothing, or what the others pass by: nothing is injected into those
record EngineSeams(String engine, Set<Transport> transports, Set<Syscall> calls, String why) {

    private static final Set<Transport> EVERYWHERE = EnumSet.allOf(Transport.class);
    private static final Set<Transport> OWN_RING = EnumSet.of(Transport.NIO, Transport.EPOLL);
    private static final Set<Transport> LOOP_RING = EnumSet.of(Transport.IO_URING);

    private static final List<EngineSeams> ROWS = List.of(
            row("blocking", EVERYWHERE, Syscall.PREAD64),
            row("sendfile", EnumSet.of(Transport.EPOLL, Transport.IO_URING), Syscall.SENDTO, Syscall.SENDFILE),
            none("sendfile", EnumSet.of(Transport.NIO), "the JDK makes the calls: FileChannel.transferTo"),
            none("aio", EVERYWHERE, "the JDK makes the calls: AsynchronousFileChannel"),
            row("uring", OWN_RING, Syscall.IO_URING_ENTER),
            none("uring", LOOP_RING, "Netty enters the event loop's ring"),
            row("direct", EVERYWHERE, Syscall.IO_SUBMIT),
            row("linux-aio", EVERYWHERE, Syscall.IO_SUBMIT),
            row("offload", EVERYWHERE, Syscall.PREAD64),
            row("virtual", EVERYWHERE, Syscall.PREAD64),
            row("nowait", EVERYWHERE, Syscall.PREADV2),
            none("mmap", EVERYWHERE, "a page that isn't there is a fault of the processor's, not a call"),
            row("uring-direct", OWN_RING, Syscall.IO_URING_ENTER),
            none("uring-direct", LOOP_RING, "Netty enters the event loop's ring"),
            row("uring-splice", EnumSet.of(Transport.EPOLL, Transport.IO_URING), Syscall.IO_URING_ENTER),
            row("uring-zc", EnumSet.of(Transport.EPOLL), Syscall.IO_URING_ENTER),
            none("uring-zc", LOOP_RING, "Netty enters the event loop's ring"));

    EngineSeams {
        if (calls.isEmpty() == why.isEmpty()) {
            throw new IllegalArgumentException(engine + ": either calls, or why there are none");
        }
    }

    static Optional<EngineSeams> of(String engine, Transport transport) {
        return ROWS.stream()
                .filter(row -> row.engine.equals(engine) && row.transports.contains(transport))
                .findFirst();
    }

    private static EngineSeams row(String engine, Set<Transport> transports, Syscall... calls) {
        return new EngineSeams(engine, transports, Set.of(calls), "");
    }

    private static EngineSeams none(String engine, Set<Transport> transports, String why) {
        return new EngineSeams(engine, transports, Set.of(), why);
    }
}
