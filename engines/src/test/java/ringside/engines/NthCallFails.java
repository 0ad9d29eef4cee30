package ringside.engines;

import java.util.EnumSet;
import java.util.Set;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// A kernel that runs out of memory once: at the n-th call that asks for something. Calls that give back always
/// succeed, and so do reads and writes, of an eventfd for instance: they need no memory. Any thread.
final class NthCallFails implements Kernel {

    private static final Set<Syscall> NEEDING_NOTHING = EnumSet.of(
            Syscall.CLOSE, Syscall.MUNMAP, Syscall.IO_DESTROY, Syscall.IO_CANCEL, Syscall.READ, Syscall.WRITE);

    private final Kernel kernel;
    private int left;
    private String failed = "";

    /// @param nth counts from 1
    NthCallFails(Kernel kernel, int nth) {
        this.kernel = kernel;
        this.left = nth;
    }

    /// The call that was made to fail; nothing, if there weren't as many.
    synchronized String failed() {
        return failed;
    }

    @Override
    public String name() {
        return "short of memory";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        return fails(call) ? -Errno.ENOMEM : kernel.call(call, a0, a1, a2, a3, a4, a5);
    }

    private synchronized boolean fails(Syscall call) {
        if (NEEDING_NOTHING.contains(call) || --left != 0) {
            return false;
        }
        failed = call.manName();
        return true;
    }
}
