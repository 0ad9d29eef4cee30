package ringside.bench.micro;

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
import org.openjdk.jmh.annotations.Warmup;
import ringside.linux.Kernel;
import ringside.linux.Kernels;
import ringside.linux.Syscall;

/// What the way into the kernel costs: the cheapest system call there is, by each [Kernel].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class KernelCallBenchmark {

    @Param({"ffm", "jna"})
    public String kernel = "";

    private Kernel calls = Kernels.byName("ffm");

    @Setup
    public void choose() {
        calls = Kernels.byName(kernel);
    }

    @Benchmark
    public long gettid() {
        return calls.call(Syscall.GETTID);
    }

    /// The same with an error to fetch: close(2) of a descriptor that isn't open.
    @Benchmark
    public long failingClose() {
        return calls.call(Syscall.CLOSE, -1);
    }
}
