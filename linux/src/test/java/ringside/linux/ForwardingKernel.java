package ringside.linux;

/// A kernel in front of another, for a test that changes one answer.
class ForwardingKernel implements Kernel {

    private final Kernel behind;

    ForwardingKernel(Kernel behind) {
        this.behind = behind;
    }

    @Override
    public String name() {
        return "forwarding";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        return behind.call(call, a0, a1, a2, a3, a4, a5);
    }
}
