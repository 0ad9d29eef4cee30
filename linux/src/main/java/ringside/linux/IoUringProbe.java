package ringside.linux;

import static ringside.linux.IoUringAbi.IORING_REGISTER_PROBE;
import static ringside.linux.IoUringAbi.IO_URING_OP_SUPPORTED;
import static ringside.linux.IoUringAbi.PARAMS_BYTES;
import static ringside.linux.IoUringAbi.PARAMS_FEATURES;
import static ringside.linux.IoUringAbi.PROBE_BYTES;
import static ringside.linux.IoUringAbi.PROBE_OPS_LEN;
import static ringside.linux.IoUringAbi.PROBE_OP_BYTES;
import static ringside.linux.IoUringAbi.PROBE_OP_FLAGS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// Finds out what [IoUringSupport] reports.
final class IoUringProbe {

    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");

    private static final int OPS_MAX = 256;

    private IoUringProbe() {}

    /// Makes a ring of one entry, asks it, and closes it.
    static IoUringSupport ask(Kernel kernel) {
        if (!Syscall.SUPPORTED) {
            return new IoUringSupport.Unavailable(
                    Errno.of(-Errno.ENOSYS),
                    "ringside's system call numbers are those of Linux on x86-64.",
                    "Run on Linux on x86-64, or use an engine without io_uring.");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS_BYTES, 8);
            long fd = kernel.call(Syscall.IO_URING_SETUP, 1, params.address());
            if (fd < 0) {
                return refused(Errno.of(fd), disabledSetting());
            }
            MemorySegment probe = arena.allocate(PROBE_BYTES + OPS_MAX * PROBE_OP_BYTES, 8);
            long result = kernel.call(Syscall.IO_URING_REGISTER, fd, IORING_REGISTER_PROBE, probe.address(), OPS_MAX);
            KernelException.check(Syscall.CLOSE, "ring " + fd, kernel.call(Syscall.CLOSE, fd));
            if (result < 0) {
                return new IoUringSupport.Unavailable(
                        Errno.of(result),
                        "The kernel's io_uring can't say which operations it has (IORING_REGISTER_PROBE): "
                                + Errno.of(result).label() + ".",
                        "Use Linux 5.6 or later.");
            }
            return new IoUringSupport.Available(params.get(ValueLayout.JAVA_INT, PARAMS_FEATURES), supported(probe));
        }
    }

    /// @param disabledSetting the content of `/proc/sys/kernel/io_uring_disabled` (6.6), or empty where there
    ///     is none
    static IoUringSupport.Unavailable refused(Errno errno, String disabledSetting) {
        return switch (errno.number()) {
            case Errno.ENOSYS ->
                new IoUringSupport.Unavailable(
                        errno,
                        "The kernel has no io_uring: it is older than 5.1, built without CONFIG_IO_URING, or a seccomp"
                                + " filter hides the call.",
                        "Use a kernel with io_uring; in a container, allow io_uring_setup in its seccomp profile.");
            case Errno.EPERM ->
                switch (disabledSetting) {
                    case "1" ->
                        new IoUringSupport.Unavailable(
                                errno,
                                "io_uring is kept to the group in sysctl kernel.io_uring_group"
                                        + " (kernel.io_uring_disabled=1).",
                                "Run as a member of that group or with CAP_SYS_ADMIN, or, as root,"
                                        + " `sysctl -w kernel.io_uring_disabled=0`.");
                    case "2" ->
                        new IoUringSupport.Unavailable(
                                errno,
                                "io_uring is switched off (sysctl kernel.io_uring_disabled=2).",
                                "As root, `sysctl -w kernel.io_uring_disabled=0`.");
                    default ->
                        new IoUringSupport.Unavailable(
                                errno,
                                "io_uring_setup(2) is not permitted: a seccomp filter or security module forbids it.",
                                "In a container, allow io_uring_setup, io_uring_enter and io_uring_register in its"
                                        + " seccomp profile.");
                };
            case Errno.ENOMEM ->
                new IoUringSupport.Unavailable(
                        errno,
                        "The kernel has no memory for a ring, or it is over the locked-memory limit (before 5.12, and again by 6.18).",
                        "Raise the limit (ulimit -l), or free memory.");
            default ->
                new IoUringSupport.Unavailable(
                        errno, "io_uring_setup(2): " + errno.label() + ", " + errno.meaning() + ".", errno.remedy());
        };
    }

    private static Set<Integer> supported(MemorySegment probe) {
        int count = Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, PROBE_OPS_LEN));
        Set<Integer> opcodes = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            long at = PROBE_BYTES + (long) i * PROBE_OP_BYTES;
            if ((probe.get(ValueLayout.JAVA_SHORT, at + PROBE_OP_FLAGS) & IO_URING_OP_SUPPORTED) != 0) {
                opcodes.add(Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, at)));
            }
        }
        return opcodes;
    }

    private static String disabledSetting() {
        try {
            return Files.readString(DISABLED).trim();
        } catch (IOException e) {
            return ""; // before 6.6 there is no such setting
        }
    }
}
