package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// [Kernel] through the Foreign Function and Memory API (JEP 454): one downcall to libc's syscall(2), no native code of
/// our own.
///
/// The downcall is not `critical`: a call that can block must let the JVM reach a safepoint meanwhile. errno is
/// captured by the linker before the JVM can overwrite it.
public final class FfmKernel implements Kernel {

    private static final StructLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE_LAYOUT.varHandle(StructLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = syscallHandle();
    private static final ThreadLocal<MemorySegment> CAPTURE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE_LAYOUT));

    @Override
    public String name() {
        return "ffm";
    }

    /// A virtual thread lives for one task: memory of its own for longer than the call would be left to the garbage
    /// collector each time.
    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (!Thread.currentThread().isVirtual()) {
            return call(CAPTURE.get(), call, a0, a1, a2, a3, a4, a5);
        }
        try (Arena arena = Arena.ofConfined()) {
            return call(arena.allocate(CAPTURE_LAYOUT), call, a0, a1, a2, a3, a4, a5);
        }
    }

    private static long call(
            MemorySegment capture, Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(capture, (long) call.number(), a0, a1, a2, a3, a4, a5);
        } catch (Throwable e) {
            throw new LinkageError("syscall(2) could not be called", e);
        }
        return result == -1 ? -(int) ERRNO.get(capture, 0L) : result;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle syscallHandle() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor sevenWords = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"), sevenWords, Linker.Option.captureCallState("errno"));
    }
}
