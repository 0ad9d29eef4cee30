package ringside.engines;

import java.util.List;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSupport;
import ringside.linux.Kernel;

/// `IORING_OP_READ` (Linux 5.6): on the event loop's own ring where there is one, else on a ring of our own.
final class UringEngine implements ReadingEngine {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth", 128, 1, 4096, "Reads that an event loop has under way at once; further ones wait.");

    private static final EngineSpec SPEC = new EngineSpec(
            "uring",
            List.of(),
            "IORING_OP_READ: page cache → buffer → socket, system calls shared by all connections of the loop",
            "the files are hot and the connections few: then pread(2) costs less than a submission",
            ReadingEngine.options(QUEUE_DEPTH));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probe(Kernel kernel, Transport transport) {
        Availability driven = transport.probe();
        if (!driven.isAvailable()) {
            return driven;
        }
        Availability ours = LinuxOnly.probe();
        if (!ours.isAvailable()) {
            return ours;
        }
        return switch (IoUring.probe(kernel)) {
            case IoUringSupport.Unavailable refused -> Availability.unavailable(refused.reason(), refused.remedy());
            case IoUringSupport.Available found
            when !found.supports(IoUringAbi.IORING_OP_READ) ->
                Availability.unavailable("the kernel's io_uring has no IORING_OP_READ", "Use Linux 5.6 or later.");
            case IoUringSupport.Available _ ->
                Availability.available(
                        transport == Transport.IO_URING
                                ? "ring of the event loop"
                                : "ring of its own, woken by eventfd");
        };
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        int depth = Math.toIntExact(options.get(QUEUE_DEPTH));
        return switch (loop.transport()) {
            case IO_URING -> new LoopRingReader(loop, depth);
            case EPOLL, NIO -> OwnRingReader.open(loop, depth);
        };
    }
}
