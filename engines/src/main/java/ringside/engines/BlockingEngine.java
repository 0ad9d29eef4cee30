package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.util.List;
import ringside.content.OpenFile;
import ringside.linux.Kernel;
import ringside.linux.PositionedReads;

/// pread(2) on the event loop: nothing is cheaper while the page cache has the bytes, and nothing stalls the
/// loop's other connections longer when it hasn't.
final class BlockingEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "blocking",
            List.of("sync"),
            "pread(2) on the event loop: page cache → buffer → socket",
            "files may be cold: a read that waits for the device stalls every connection of the loop",
            ReadingEngine.options(FileReadOptions.FADVISE, FileReadOptions.DONTCACHE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return Availability.available();
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        return new Reader(loop, FileReadOptions.of(loop.kernel(), options));
    }

    private static final class Reader implements FileReader {

        private final LoopContext loop;
        private final FileReadOptions options;
        private final int rwfFlags;
        private final Arena arena = Arena.ofConfined();
        private final PositionedReads reads;

        Reader(LoopContext loop, FileReadOptions options) {
            this.loop = loop;
            this.options = options;
            this.rwfFlags = options.rwfFlags();
            this.reads = new PositionedReads(loop.kernel(), arena);
        }

        @Override
        public ByteBuf allocate(int headBytes, int lengthBytes) {
            return loop.allocator().directBuffer(headBytes + lengthBytes);
        }

        @Override
        public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
            options.met(file);
            int writerIndex = target.writerIndex();
            long result = reads.read(file.fd(), target.memoryAddress() + writerIndex, lengthBytes, offset, rwfFlags);
            if (result > 0) {
                target.writerIndex(writerIndex + (int) result);
            } else if (result < 0) {
                options.explain(file.fd(), (int) result);
            }
            completion.readCompleted((int) result);
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
