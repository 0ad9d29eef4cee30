package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.Kernel;

/// The JDK's [AsynchronousFileChannel]: on Linux, pread(2) on the threads of a pool
/// (`SimpleAsynchronousFileChannelImpl`) and a completion that hops back to the event loop.
///
/// Each event loop has a pool of its own with a fixed number of threads. Its queue is bounded by the
/// connections of the loop, each of which has one read under way at a time.
///
/// The loop starts the threads, so they inherit its CPU mask, as pthread_create(3) says: the pool of a loop that is
/// pinned to a CPU runs on that CPU. It then overlaps its reads with each other and with the loop's waiting, not
/// with the loop's work. The benchmark wants it so, to count all of a server's work on the server's CPU.
final class AioEngine implements ReadingEngine {

    static final EngineOption THREADS = new EngineOption(
            "threads", 4, 1, 256, "Threads that read, for each event loop; a pinned loop's threads share its CPU.");

    private static final EngineSpec SPEC = new EngineSpec(
            "aio",
            List.of(),
            "AsynchronousFileChannel: pread(2) on a pool of threads → buffer → event loop → socket",
            "files are hot: two thread switches cost more than the read itself",
            ReadingEngine.options(THREADS));

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
        return new Reader(loop, Math.toIntExact(options.get(THREADS)));
    }

    private static final class Reader implements FileReader {

        private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);

        private final LoopContext loop;
        private final ExecutorService threads;
        private final ArrayDeque<Operation> idle = new ArrayDeque<>();

        Reader(LoopContext loop, int threads) {
            this.loop = loop;
            this.threads = Executors.newFixedThreadPool(threads, new DefaultThreadFactory("ringside-aio", true));
        }

        @Override
        public ByteBuf allocate(int headBytes, int lengthBytes) {
            return loop.allocator().directBuffer(headBytes + lengthBytes);
        }

        @Override
        public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
            AsynchronousFileChannel source;
            try {
                source = source(file);
            } catch (IOException e) {
                completion.readCompleted(ChannelErrors.error(e));
                return;
            }
            Operation operation = idle.poll();
            if (operation == null) {
                operation = new Operation();
            }
            operation.target = target;
            operation.completion = completion;
            try {
                source.read(target.internalNioBuffer(target.writerIndex(), lengthBytes), offset, null, operation);
            } catch (RejectedExecutionException e) {
                refuse(operation, -Errno.ECANCELED);
            } catch (OutOfMemoryError e) {
                refuse(operation, -Errno.ENOMEM); // of a thread's stack, most likely
            }
        }

        /// The pool hasn't taken the operation.
        private void refuse(Operation operation, int error) {
            operation.result = error;
            operation.run();
        }

        @Override
        public void close() {
            threads.shutdown();
        }

        private AsynchronousFileChannel source(OpenFile file) throws IOException {
            AsynchronousFileChannel kept = file.attachment(AsynchronousFileChannel.class);
            if (kept != null) {
                return kept;
            }
            AsynchronousFileChannel opened = AsynchronousFileChannel.open(Path.of(file.procPath()), READ, threads);
            file.attach(opened);
            return opened;
        }

        /// One read under way; used again for the next one. Filled on the loop, completed on a thread of the pool,
        /// finished on the loop: the two queues between them order the accesses.
        private final class Operation implements CompletionHandler<Integer, @Nullable Void>, Runnable {

            private @Nullable ByteBuf target;
            private @Nullable ReadCompletion completion;
            private int result;

            @Override
            public void completed(Integer bytesRead, @Nullable Void nothing) {
                result = Math.max(bytesRead, 0);
                loop.loop().execute(this);
            }

            @Override
            public void failed(Throwable cause, @Nullable Void nothing) {
                result = ChannelErrors.error(cause instanceof IOException e ? e : new IOException(cause));
                loop.loop().execute(this);
            }

            @Override
            public void run() {
                ByteBuf filled = target;
                ReadCompletion waiting = completion;
                int bytesRead = result;
                target = null;
                completion = null;
                idle.push(this);
                if (filled == null || waiting == null) {
                    throw new IllegalStateException("a read completed twice");
                }
                if (bytesRead > 0) {
                    filled.writerIndex(filled.writerIndex() + bytesRead);
                }
                waiting.readCompleted(bytesRead);
            }
        }
    }
}
