package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.util.List;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// pread(2) on the event loop: nothing is cheaper while the page cache has the bytes, and nothing stalls the loop's
/// other connections longer when it hasn't.
final class BlockingEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "blocking",
            List.of("sync"),
            "pread(2) on the event loop: page cache → buffer → socket",
            "files may be cold: a read that waits for the device stalls every connection of the loop",
            ReadingEngine.options());

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probe(Kernel kernel, Transport transport) {
        return LinuxOnly.probe();
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        return new Reader(loop);
    }

    private record Reader(LoopContext loop) implements FileReader {

        @Override
        public ByteBuf allocate(int headBytes, int lengthBytes) {
            return loop.allocator().directBuffer(headBytes + lengthBytes);
        }

        @Override
        public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
            int writerIndex = target.writerIndex();
            long result;
            do {
                result = loop.kernel()
                        .call(Syscall.PREAD64, file.fd(), target.memoryAddress() + writerIndex, lengthBytes, offset);
            } while (result == -Errno.EINTR);
            if (result > 0) {
                target.writerIndex(writerIndex + (int) result);
            }
            completion.readCompleted((int) result);
        }

        @Override
        public void close() {}
    }
}
