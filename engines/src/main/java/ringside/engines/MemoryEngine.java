package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.PositionedReads;

/// Bytes that are in memory before they are asked for: the ceiling that every engine which reads is held
/// against. It measures the pipeline, the transport and the load generator, and no file I/O.
///
/// The file is read once, on the event loop, when its first byte is asked for, and kept as the [OpenFile]'s
/// attachment for as long as that is open: what changes on disk meanwhile isn't seen. A chunk of more than
/// [#COPY_BYTES_MAX] is written as a slice of those bytes, without a copy. A smaller one is copied behind the
/// head, since two buffers in one writev(2) cost more than the copy; so is what is asked for through
/// [FileReader#read], where a buffer of the caller is to be filled.
final class MemoryEngine implements ReadingEngine {

    static final EngineOption MAX_BYTES = new EngineOption(
            "max-bytes",
            1L << 30,
            0,
            Integer.MAX_VALUE,
            "Larger files are refused (EFBIG). Each event loop has its own copy of a file.");

    /// Up to here a chunk is copied behind the head.
    static final int COPY_BYTES_MAX = 16 << 10;

    private static final EngineSpec SPEC = new EngineSpec(
            "memory",
            List.of(),
            "preloaded memory → socket",
            "file I/O is to be measured, or files are larger than memory: this one reads each only once",
            ReadingEngine.options(MAX_BYTES));

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
        return new Reader(loop, options.get(MAX_BYTES));
    }

    /// A whole file, or the negated errno that came instead.
    private record Preloaded(@Nullable ByteBuf bytes, int error) implements AutoCloseable {

        @Override
        public void close() {
            if (bytes != null) {
                bytes.release();
            }
        }
    }

    private static final class Reader implements FileReader {

        private final LoopContext loop;
        private final long maxBytes;
        private final Arena arena = Arena.ofConfined();
        private final PositionedReads reads;
        /// What the view of a chunk came to, for the read of the same chunk that follows it.
        private @Nullable Preloaded failed;
        private @Nullable OpenFile failedFile;

        Reader(LoopContext loop, long maxBytes) {
            this.loop = loop;
            this.maxBytes = maxBytes;
            this.reads = new PositionedReads(loop.kernel(), arena);
        }

        @Override
        public ByteBuf allocate(int headBytes, int lengthBytes) {
            return loop.allocator().directBuffer(headBytes + lengthBytes);
        }

        @Override
        public @Nullable ByteBuf view(OpenFile file, long offset, int lengthBytes) {
            failed = null;
            failedFile = null;
            if (lengthBytes <= COPY_BYTES_MAX) {
                return null;
            }
            Preloaded preloaded = preloaded(file);
            ByteBuf bytes = preloaded.bytes;
            if (bytes == null) {
                failed = preloaded;
                failedFile = file;
                return null;
            }
            int available = available(bytes, offset, lengthBytes);
            return available == 0 ? null : bytes.retainedSlice((int) offset, available);
        }

        @Override
        public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
            Preloaded preloaded = failed != null && failedFile == file ? failed : preloaded(file);
            failed = null;
            failedFile = null;
            ByteBuf bytes = preloaded.bytes;
            if (bytes == null) {
                completion.readCompleted(preloaded.error);
                return;
            }
            int available = available(bytes, offset, lengthBytes);
            if (available > 0) {
                target.writeBytes(bytes, (int) offset, available);
            }
            completion.readCompleted(available);
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }

        private static int available(ByteBuf bytes, long offset, int lengthBytes) {
            return Math.clamp(bytes.writerIndex() - offset, 0, lengthBytes);
        }

        private Preloaded preloaded(OpenFile file) {
            Preloaded kept = file.attachment(Preloaded.class);
            if (kept != null) {
                return kept;
            }
            Preloaded preloaded = file.lengthBytes() > maxBytes ? new Preloaded(null, -Errno.EFBIG) : load(file);
            // A failure may pass: the next request tries again.
            if (preloaded.bytes != null) {
                file.attach(preloaded);
            }
            return preloaded;
        }

        private Preloaded load(OpenFile file) {
            int length = (int) file.lengthBytes();
            ByteBuf bytes;
            try {
                bytes = loop.allocator().directBuffer(length, length);
            } catch (OutOfMemoryError e) {
                return new Preloaded(null, -Errno.ENOMEM);
            }
            long result = 1;
            while (result > 0 && bytes.writerIndex() < length) {
                int done = bytes.writerIndex();
                result = reads.pread(file.fd(), bytes.memoryAddress() + done, length - done, done);
                if (result > 0) {
                    bytes.writerIndex(done + (int) result);
                }
            }
            if (result < 0) {
                bytes.release();
                return new Preloaded(null, (int) result);
            }
            return new Preloaded(bytes, 0);
        }
    }
}
