package ringside.linux;

/// `/proc/PID/io`, proc_pid_io(5): what a process, its ended threads and the children it has waited for have
/// read and written.
///
/// The calls counted are read(2) and write(2) with their kin. What sendfile(2) and io_uring move may be
/// missing, by kernel version: validate on the kernel at hand before drawing conclusions.
///
/// @param readChars bytes that read calls returned, cached or not
/// @param writtenChars bytes that write calls took
/// @param readBytes bytes fetched from a device
/// @param writtenBytes bytes sent towards a device
public record ProcessIo(
        long readChars,
        long writtenChars,
        long readCalls,
        long writeCalls,
        long readBytes,
        long writtenBytes,
        long cancelledWriteBytes) {

    /// @throws IllegalArgumentException with a sentence, if a line is missing
    public static ProcessIo parse(String text) {
        KeyedLines lines = KeyedLines.parse("/proc/PID/io", text);
        return new ProcessIo(
                lines.number("rchar"),
                lines.number("wchar"),
                lines.number("syscr"),
                lines.number("syscw"),
                lines.number("read_bytes"),
                lines.number("write_bytes"),
                lines.number("cancelled_write_bytes"));
    }

    public ProcessIo minus(ProcessIo earlier) {
        return new ProcessIo(
                readChars - earlier.readChars,
                writtenChars - earlier.writtenChars,
                readCalls - earlier.readCalls,
                writeCalls - earlier.writeCalls,
                readBytes - earlier.readBytes,
                writtenBytes - earlier.writtenBytes,
                cancelledWriteBytes - earlier.cancelledWriteBytes);
    }
}
