package ringside.engines;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import ringside.linux.Kernel;

/// The event loop that an engine is opened on, with what it may use there.
///
/// @param loop runs everything that the engine's objects do, completions included
/// @param transport what drives the loop
/// @param kernel for the engine's own system calls
/// @param allocator for direct buffers
public record LoopContext(IoEventLoop loop, Transport transport, Kernel kernel, ByteBufAllocator allocator) {}
