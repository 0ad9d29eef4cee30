package ringside.bench.micro;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.linux.Kernel;
import ringside.linux.Kernels;
import ringside.linux.Syscall;

/// The same system call by three ways: getsockopt(2) of `SO_ERROR`, through FFM and JNA as [Kernel] makes it,
/// and through JNI as Netty's native library does.
///
/// It is one that Netty offers, that always succeeds, and that does next to nothing in the kernel: what
/// differs is the way. Netty's C wraps getsockopt itself, ours goes through syscall(2).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SystemCallWayBenchmark {

    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;

    @Param({"ffm", "jna", "jni"})
    public String way = "";

    @SuppressWarnings("NullAway") // before the set-up there is nothing, and nobody asks
    private Way chosen = null;

    @Setup
    public void choose() {
        chosen = way.equals("jni") ? new ThroughNetty() : new ThroughKernel(Kernels.byName(way));
    }

    @TearDown
    public void close() throws IOException {
        chosen.close();
    }

    @Benchmark
    public int getsockopt() throws IOException {
        return chosen.socketError();
    }

    /// One way of asking a socket for its pending error.
    private sealed interface Way extends AutoCloseable {
        int socketError() throws IOException;

        @Override
        void close() throws IOException;
    }

    private static final class ThroughNetty implements Way {

        private final Socket socket = Socket.newSocketStream();

        static {
            // Loads the library that has the calls of io.netty.channel.unix as well.
            io.netty.channel.epoll.Epoll.ensureAvailability();
        }

        @Override
        public int socketError() throws IOException {
            return socket.getSoError();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class ThroughKernel implements Way {

        private final Kernel kernel;
        private final Socket socket;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        private final MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);

        ThroughKernel(Kernel kernel) {
            this.kernel = kernel;
            io.netty.channel.epoll.Epoll.ensureAvailability();
            this.socket = Socket.newSocketStream();
        }

        @Override
        public int socketError() throws IOException {
            length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
            long result = kernel.call(
                    Syscall.GETSOCKOPT, socket.intValue(), SOL_SOCKET, SO_ERROR, value.address(), length.address());
            if (result < 0) {
                throw new IOException("getsockopt(2) answers " + result);
            }
            return value.get(ValueLayout.JAVA_INT, 0);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            arena.close();
        }
    }
}
