package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What the process's standard streams are connected to (ioctl_tty(2)).
///
/// `System.console()` isn't it: it asks about standard input and output together.
public final class Terminal {

    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    static final long TCGETS = 0x5401;
    static final long TIOCGWINSZ = 0x5413;
    /// At least the size of the kernel's `struct termios`.
    static final long TERMIOS_BYTES = 64;
    /// `struct winsize`: unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel.
    static final long WINSIZE_BYTES = 8;

    static final long WINSIZE_COLUMNS = 2;

    private Terminal() {}

    /// Whether descriptor `fd` is a terminal.
    public static boolean isTerminal(Kernel kernel, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 8);
            return kernel.call(Syscall.IOCTL, fd, TCGETS, termios.address()) == 0;
        }
    }

    /// The width of the terminal in columns, or `otherwise` when `fd` is no terminal or doesn't know.
    public static int widthColumns(Kernel kernel, int fd, int otherwise) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment winsize = arena.allocate(WINSIZE_BYTES, 2);
            long result = kernel.call(Syscall.IOCTL, fd, TIOCGWINSZ, winsize.address());
            int columns = Short.toUnsignedInt(winsize.get(ValueLayout.JAVA_SHORT, WINSIZE_COLUMNS));
            return result == 0 && columns > 0 ? columns : otherwise;
        }
    }
}
