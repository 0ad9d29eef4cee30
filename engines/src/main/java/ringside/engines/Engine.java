package ringside.engines;

import ringside.linux.Kernel;

/// A way of moving bytes from a file to a socket. Two shapes: a [ReadingEngine] brings bytes into a buffer that one
/// shared pump writes to the channel; a [SendingEngine] has the kernel move them.
///
/// An engine itself is stateless and shared by all threads; what it needs at run time belongs to one event loop and is
/// made by `open`. The registry is [Engines#ALL].
public sealed interface Engine permits ReadingEngine, SendingEngine {

    EngineSpec spec();

    /// Refuses values that are right one by one and contradict each other. Asked when a command line is read.
    ///
    /// @throws IllegalArgumentException with a message for a person
    default void check(EngineOptions options) {}

    /// Asks the machine, not a version table, whether this engine can run on `transport`: never where the transport
    /// itself can't. Leaves nothing behind.
    default Availability probe(Kernel kernel, Transport transport) {
        Availability driven = transport.probe();
        if (!driven.isAvailable()) {
            return driven;
        }
        Availability ours = LinuxOnly.probe();
        return ours.isAvailable() ? probeOn(kernel, transport) : ours;
    }

    /// The part of [#probe] that is the engine's own. Called only where `transport` and system calls of ours work.
    Availability probeOn(Kernel kernel, Transport transport);

    /// Opens the engine on one event loop. Called on that loop.
    ///
    /// @throws ringside.linux.KernelException when the kernel refuses what the engine needs (memory, descriptors)
    LoopEngine open(LoopContext loop, EngineOptions options);
}
