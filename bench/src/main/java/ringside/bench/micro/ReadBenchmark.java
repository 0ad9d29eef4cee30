package ringside.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ManualIoEventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.content.OpenFile;
import ringside.engines.ChosenEngine;
import ringside.engines.FileReader;
import ringside.engines.LoopContext;
import ringside.engines.ReadCompletion;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;

/// One read of a cached file by each reading engine, from the call to the completion, one at a time: what the
/// way through the engine and back costs when nothing can be shared with other reads. (`direct` reads from
/// the device all the same.) `ringside io` measures many reads at once.
///
/// The benchmark's own thread is the event loop, so that no wake-up of another thread is in the time, but for
/// engines that read on threads of their own.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ReadBenchmark {

    private static final int FILE_BYTES = 1 << 20;
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /// Every reading engine of `Engines.ALL`: a test holds the two lists together.
    @Param({
        "memory",
        "blocking",
        "offload",
        "virtual",
        "mmap",
        "nowait",
        "aio",
        "linux-aio",
        "uring",
        "direct",
        "uring-direct"
    })
    public String engine = "";

    @Param({"epoll"})
    public String transport = "";

    @Param({"4096", "65536"})
    public int blockBytes;

    @SuppressWarnings("NullAway") // before the set-up there is nothing, and nobody asks
    private Opened opened = null;

    @Setup(Level.Trial)
    public void open() throws IOException {
        opened = new Opened(ChosenEngine.parse(engine), Transport.byId(transport), blockBytes);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        opened.close();
    }

    /// @return bytes read, so that the work can't be optimised away
    @Benchmark
    public int read() throws IOException {
        return opened.read();
    }

    /// An engine opened on a loop that is this thread.
    private static final class Opened implements ReadCompletion {

        private final Path path;
        private final ManualIoEventLoop loop;
        private final FileReader reader;
        private final OpenFile file;
        private final ByteBuf buffer;
        private final int blockBytes;
        private long offset;
        private int result;
        private boolean done;

        Opened(ChosenEngine engine, Transport transport, int blockBytes) throws IOException {
            this.blockBytes = blockBytes;
            Kernel kernel = new FfmKernel();
            path = Files.write(Files.createTempFile("ringside-micro-", ".bin"), new byte[FILE_BYTES]);
            loop = new ManualIoEventLoop(Thread.currentThread(), transport.ioHandlers());
            loop.runNow(); // a ring is started by its loop's first turn
            reader = ((ReadingEngine) engine.engine())
                    .openReader(
                            new LoopContext(loop, transport, kernel, PooledByteBufAllocator.DEFAULT), engine.options());
            int fd = new OpenFiles(kernel).open(path.toString(), OpenFiles.O_RDONLY);
            file = new OpenFile(kernel, path.toString(), fd, FILE_BYTES);
            buffer = reader.allocate(0, blockBytes);
        }

        int read() throws IOException {
            offset = offset + blockBytes == FILE_BYTES ? 0 : offset + blockBytes;
            buffer.clear();
            done = false;
            reader.read(file, offset, blockBytes, buffer, this);
            while (!done) {
                loop.run(WAIT_NANOS_MAX);
            }
            if (result != blockBytes) {
                throw new IOException("a read of " + blockBytes + " bytes answers " + result);
            }
            return result;
        }

        @Override
        public void readCompleted(int result) {
            this.result = result;
            done = true;
        }

        void close() throws IOException {
            buffer.release();
            reader.close();
            file.release();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            while (!loop.isTerminated()) {
                loop.runNow();
            }
            Files.delete(path);
        }
    }
}
