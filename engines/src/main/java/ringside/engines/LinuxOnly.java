package ringside.engines;

import ringside.linux.Syscall;

/// What every engine needs besides its transport: the system-call numbers of x86-64 Linux.
final class LinuxOnly {

    private LinuxOnly() {}

    static Availability probe() {
        return Syscall.SUPPORTED
                ? Availability.available()
                : Availability.unavailable(
                        "ringside's own system calls need Linux on x86-64",
                        "Run on such a machine: files are opened by system calls of ours, whatever the engine.");
    }
}
