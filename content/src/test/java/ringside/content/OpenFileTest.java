package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

class OpenFileTest {

    private static final Kernel KERNEL = new FfmKernel();

    @TempDir
    Path directory;

    private final List<String> closed = new ArrayList<>();

    private record First(List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add("first");
        }
    }

    private record Second(List<String> closed) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            closed.add("second");
            throw new IOException("on purpose");
        }
    }

    @Test
    void eachFindsItsOwn() throws IOException {
        OpenFile file = open();
        assertNull(file.attachment(First.class));
        First first = new First(closed);
        file.attach(first);
        assertNull(file.attachment(Second.class));
        Second second = new Second(closed);
        file.attach(second);
        assertSame(first, file.attachment(First.class));
        assertSame(second, file.attachment(Second.class));
        assertThrows(IllegalStateException.class, () -> file.attach(new First(closed)));
        assertThrows(IllegalStateException.class, file::release);
    }

    @Test
    void allIsClosedWithTheLastReferenceWhateverFails() throws IOException {
        OpenFile file = open();
        file.attach(new First(closed));
        file.attach(new Second(closed));
        file.retain();
        file.release();
        assertEquals(List.of(), closed);
        IllegalStateException e = assertThrows(IllegalStateException.class, file::release);
        assertTrue(String.valueOf(e.getCause()).endsWith("on purpose"), e::toString);
        assertEquals(List.of("second", "first"), closed);
        assertFalse(file.isOpen());
        assertEquals(-Errno.EBADF, KERNEL.call(Syscall.CLOSE, file.fd()));
        assertThrows(IllegalStateException.class, file::retain);
    }

    private OpenFile open() throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[10]);
        return new OpenFile(
                KERNEL, path.toString(), new OpenFiles(KERNEL).open(path.toString(), OpenFiles.O_RDONLY), 10);
    }
}
