package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import ringside.content.OpenFile;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;

/// A real event loop to open engines on, with an allocator that counts.
final class LoopFixture implements AutoCloseable {

    static final long WAIT_SECONDS = 30;

    private final MultiThreadIoEventLoopGroup group;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final LoopContext context;

    LoopFixture(Transport transport, Kernel kernel) {
        this(transport, kernel, 1);
    }

    /// @param loops in the group; the last one is used, the others are never started
    LoopFixture(Transport transport, Kernel kernel, int loops) {
        if (transport.probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort(transport.id() + ": " + reason + " " + remedy);
        }
        group = new MultiThreadIoEventLoopGroup(loops, transport.ioHandlers());
        IoEventLoop loop = group.next();
        for (int i = 1; i < loops; i++) {
            loop = group.next();
        }
        context = new LoopContext(loop, transport, kernel, allocator);
        // So that the thread, its selector and its ring exist before descriptors are counted.
        on(() -> "started");
    }

    LoopContext context() {
        return context;
    }

    /// Bytes of buffers that nobody has released.
    long buffersBytes() {
        return allocator.metric().usedDirectMemory();
    }

    /// What `task` answers on the loop.
    <T> T on(Callable<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        context.loop().execute(() -> {
            try {
                answer.complete(task.call());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return await(answer);
    }

    static <T> T await(CompletableFuture<T> answer) {
        return answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /// Reads one range as the pump does: again after each short read, until it is complete or the file ends.
    ///
    /// @return the bytes, or an IllegalStateException that names the error
    static CompletableFuture<byte[]> readFully(FileReader reader, OpenFile file, long offset, int lengthBytes) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        readOn(reader, file, offset, new byte[lengthBytes], 0, answer);
        return answer;
    }

    private static void readOn(
            FileReader reader, OpenFile file, long offset, byte[] into, int done, CompletableFuture<byte[]> answer) {
        int wanted = into.length - done;
        ByteBuf target = reader.allocate(0, wanted);
        reader.read(file, offset + done, wanted, target, result -> {
            int arrived = Math.max(0, result);
            if (target.refCnt() != 1 || target.readableBytes() != arrived || arrived > wanted) {
                answer.completeExceptionally(
                        new IllegalStateException("read of " + wanted + " answered " + result + " with " + target));
                return;
            }
            target.readBytes(into, done, arrived);
            target.release();
            if (result < 0) {
                answer.completeExceptionally(new IllegalStateException("errno " + -result));
            } else if (result == 0 || done + result == into.length) {
                answer.complete(result == 0 ? java.util.Arrays.copyOf(into, done) : into);
            } else {
                readOn(reader, file, offset, into, done + result, answer);
            }
        });
    }

    OpenFile open(Path path) throws IOException {
        return new OpenFile(
                context.kernel(),
                path.toString(),
                new OpenFiles(context.kernel()).open(path.toString(), OpenFiles.O_RDONLY),
                Files.size(path));
    }

    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
