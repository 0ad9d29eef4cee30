package ringside.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/// [Kernel] through JNA's direct mapping: syscall(2) bound to a `native` method by JNA's own stub library.
///
/// The alternative to [FfmKernel], so that a run can show what the way into the kernel costs. JNA keeps errno
/// for each thread right after the call ([Native#getLastError()]), before the JVM can overwrite it. Threads
/// that JNA has never seen cost it an allocation on their first call.
public final class JnaKernel implements Kernel {

    static {
        Native.register(JnaKernel.class, NativeLibrary.getProcess());
    }

    @Override
    public String name() {
        return "jna";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result = syscall(call.number(), a0, a1, a2, a3, a4, a5);
        return result == -1 ? -Native.getLastError() : result;
    }

    // JNA binds it by its name.
    private static native long syscall(long number, long a0, long a1, long a2, long a3, long a4, long a5);
}
