package ringside.engines;

import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// One kernel first and another one later: for faults that begin when an engine is open. Any thread.
final class SwitchedKernel implements Kernel {

    private volatile Kernel kernel;

    SwitchedKernel(Kernel first) {
        this.kernel = first;
    }

    void to(Kernel next) {
        kernel = next;
    }

    @Override
    public String name() {
        return kernel.name();
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        return kernel.call(call, a0, a1, a2, a3, a4, a5);
    }
}
