package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.Test;

class TransportLoopsTest {

    /// As Netty does under a limit on locked memory that its ring doesn't fit into.
    @Test
    void aLoopThatTheKernelRefusesIsSaidSo() {
        UnsupportedOperationException e = assertThrows(
                UnsupportedOperationException.class,
                () -> Transport.IO_URING.openLoops(1, new DefaultThreadFactory("refused"), executor -> {
                    throw new IllegalArgumentException("failed to allocate memory for io_uring ring");
                }));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("failed to allocate memory for io_uring ring. Raise"), message);
        assertTrue(message.contains("ulimit -l"), message);
    }
}
