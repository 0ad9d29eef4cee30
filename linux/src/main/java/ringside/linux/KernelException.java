package ringside.linux;

/// An operating error: a system call that failed, on what, why, and what a person can do about it.
///
/// For control paths. The data path returns the negated errno instead and never throws.
public final class KernelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Syscall call;
    private final Errno errno;

    private KernelException(Syscall call, Errno errno, String message) {
        super(message);
        this.call = call;
        this.errno = errno;
    }

    /// @param object the path, address or descriptor that the call was about
    /// @param result what the kernel answered: a negated errno
    public static KernelException of(Syscall call, String object, long result) {
        return new KernelException(call, Errno.of(result), describe(call, object, result));
    }

    /// The sentence for a person: call, object, errno, remedy.
    static String describe(Syscall call, String object, long result) {
        Errno errno = Errno.of(result);
        return call.manName() + "(2) on " + object + ": " + errno.label() + ", " + errno.meaning() + ". "
                + errno.remedy();
    }

    /// @return `result`, if it is no error
    public static long check(Syscall call, String object, long result) {
        if (result < 0) {
            throw of(call, object, result);
        }
        return result;
    }

    public Syscall call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }
}
