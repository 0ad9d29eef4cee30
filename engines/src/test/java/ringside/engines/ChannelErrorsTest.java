package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import ringside.linux.Errno;

final class ChannelErrorsTest {

    @Test
    void textsAreThoseOfTheCLibrary() {
        assumeTrue(Transport.EPOLL.probe().isAvailable(), "strerror(3) is asked through Netty's native library");
        for (Map.Entry<String, Integer> known : ChannelErrors.NUMBERS.entrySet()) {
            if (known.getKey().equals("Connection reset")) {
                continue; // the JDK's own
            }
            String text = new Errors.NativeIoException("call", -known.getValue()).getMessage();
            assertEquals("call(..) failed with error(-" + known.getValue() + "): " + known.getKey(), text);
        }
    }

    @Test
    void everyErrnoWithANameHasAText() {
        for (int number = 1; number < 134; number++) {
            boolean named = !Errno.of(-number).label().startsWith("errno ");
            assertEquals(
                    named,
                    ChannelErrors.NUMBERS.containsValue(number),
                    Errno.of(-number).label());
        }
    }

    @Test
    void numbersComeFromTypesAndTexts() {
        assertEquals(-Errno.EPIPE, ChannelErrors.error(new IOException("Broken pipe")));
        assertEquals(
                -Errno.ENXIO, ChannelErrors.error(new FileSystemException("f", null, "No such device or address")));
        assertEquals(-Errno.ETIMEDOUT, ChannelErrors.error(new Errors.NativeIoException("call", -Errno.ETIMEDOUT)));
        FileSystemException e = assertThrows(
                FileSystemException.class,
                () -> FileChannel.open(Path.of("/dev/null/none"), StandardOpenOption.READ)
                        .close());
        assertEquals(-Errno.ENOTDIR, ChannelErrors.error(e));
    }

    @Test
    void theUnknownIsLoggedOnceWithItsCause() {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("ringside.engines");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            IOException unknown = new IOException("the moon is full");
            assertEquals(-Errno.EIO, ChannelErrors.error(unknown));
            assertEquals(-Errno.EIO, ChannelErrors.error(new IOException("the moon is full")));
            assertEquals(-Errno.EIO, ChannelErrors.error(new IOException((String) null)));
            assertEquals(2, logged.size());
            assertSame(unknown, logged.getFirst().getThrown());
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }
}
