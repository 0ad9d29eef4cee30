package ringside.linux;

/// Writes to files at an offset, and has them reach the device: pwrite(2), ftruncate(2), fsync(2).
///
/// Any thread; control plane: what fails is thrown with its remedy.
public final class FileWrites {

    private final Kernel kernel;

    public FileWrites(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Writes all of a memory range, in as many calls as it takes.
    ///
    /// @param address the caller's memory, which stays the caller's
    /// @param object the file's name, for messages
    /// @throws KernelException if the kernel refuses; some of the bytes may have been written
    public void writeAll(int fd, long address, long lengthBytes, long offset, String object) {
        long done = 0;
        while (done < lengthBytes) {
            long written = Interruptions.restart(
                    kernel, Syscall.PWRITE64, fd, address + done, lengthBytes - done, offset + done);
            KernelException.check(Syscall.PWRITE64, object, written);
            if (written == 0) {
                // pwrite(2) of more than nothing to a file: only a kernel that lies answers 0 for ever.
                throw KernelException.of(Syscall.PWRITE64, object, -Errno.EIO);
            }
            done += written;
        }
    }

    /// Cuts a file off, or lengthens it by a hole.
    public void truncate(int fd, long lengthBytes, String object) {
        KernelException.check(
                Syscall.FTRUNCATE, object, Interruptions.restart(kernel, Syscall.FTRUNCATE, fd, lengthBytes, 0, 0));
    }

    /// Returns when content and length of a file, or the names in a directory, are on the device. Not tried
    /// again when it fails: the kernel may have dropped the pages that it could not write (fsync(2), Linux
    /// 4.13).
    public void sync(int fd, String object) {
        KernelException.check(Syscall.FSYNC, object, Interruptions.restart(kernel, Syscall.FSYNC, fd, 0, 0, 0));
    }
}
