package ringside.engines;

import java.util.List;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSupport;
import ringside.linux.Kernel;

/// `IORING_OP_READ_FIXED` into registered buffers, then `IORING_OP_SEND_ZC` (Linux 6.0) from them: on the event loop's
/// own ring where there is one, else on a ring of our own. See [ZeroCopyBody] for the way of the bytes and
/// [ZeroCopyLoop] for the buffers.
final class UringZcEngine implements SendingEngine {

    static final EngineOption CHUNK_BYTES = new EngineOption(
            "chunk-bytes", 128 << 10, 4 << 10, 16 << 20, "Bytes read at a time, and the size of a buffer.");

    static final EngineOption BUFFERS = new EngineOption(
            "buffers",
            48,
            2,
            4096,
            "Buffers of an event loop; transfers that find none wait. The kernel sends from three quarters at most.");

    static final EngineOption WINDOW = new EngineOption(
            "window",
            4,
            1,
            1024,
            "Buffers that one connection may have, those that the kernel still sends from included.");

    static final EngineOption ZERO_COPY_THRESHOLD = new EngineOption(
            "zero-copy-threshold", 16 << 10, 0, 1 << 30, "Bytes from which on a send is SEND_ZC; below it is SEND.");

    static final EngineOption REGISTERED = EngineOption.choice(
            "registered",
            List.of("on", "off"),
            "Whether the buffers are registered with the ring: READ_FIXED, and no pinning for each send. They count"
                    + " against RLIMIT_MEMLOCK of an unprivileged process (ulimit -l).");

    private static final EngineSpec SPEC = new EngineSpec(
            "uring-zc",
            List.of(),
            "READ_FIXED, then IORING_OP_SEND_ZC: page cache → buffer → network card, one copy",
            "the peer is on this machine (the kernel then copies after all), files are small, or the connection is"
                    + " encrypted",
            List.of(CHUNK_BYTES, BUFFERS, WINDOW, ZERO_COPY_THRESHOLD, REGISTERED));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        if (transport == Transport.NIO) {
            return SocketDescriptors.hiddenOnNio();
        }
        return switch (IoUring.probe(kernel)) {
            case IoUringSupport.Unavailable refused -> Availability.unavailable(refused.reason(), refused.remedy());
            case IoUringSupport.Available found
            when !found.supports(IoUringAbi.IORING_OP_SEND_ZC) ->
                Availability.unavailable("the kernel's io_uring has no IORING_OP_SEND_ZC", "Use Linux 6.0 or later.");
            case IoUringSupport.Available _ ->
                Availability.available(
                        transport == Transport.IO_URING
                                ? "ring of the event loop"
                                : "ring of its own, woken by eventfd",
                        "READ_FIXED",
                        "SEND_ZC");
        };
    }

    @Override
    public LoopEngine openSender(LoopContext loop, EngineOptions options) {
        return new ZeroCopyLoop(
                loop,
                new ZeroCopyLoop.Settings(
                        Math.toIntExact(options.get(CHUNK_BYTES)),
                        Math.toIntExact(options.get(BUFFERS)),
                        Math.toIntExact(options.get(WINDOW)),
                        Math.toIntExact(options.get(ZERO_COPY_THRESHOLD)),
                        options.get(REGISTERED) == 0));
    }
}
