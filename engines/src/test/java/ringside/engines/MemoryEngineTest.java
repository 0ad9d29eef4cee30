package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;

final class MemoryEngineTest extends EngineContract {
    MemoryEngineTest() {
        super("memory");
    }

    @Test
    void aLoadThatFailsIsTriedOnceARequest() throws Exception {
        FaultyKernel faulty = FaultyKernel.builder(new FfmKernel(), 1)
                .fail(Syscall.PREAD64, Errno.EIO, 1)
                .build();
        try (RangeServer server = server(Transport.NIO, faulty, file(300_000), 0);
                RangeClient client = server.client()) {
            for (int i = 1; i <= 3; i++) {
                client.request(0, i == 2 ? 1000 : 300_000);
                assertEquals("status " + -Errno.EIO, client.line());
                assertEquals(i, faulty.calls(Syscall.PREAD64));
            }
        }
    }

    @Override
    long fileBytesMax() {
        return MemoryEngine.MAX_BYTES.defaultValue();
    }

    @Override
    boolean readsWhileServing() {
        return false;
    }
}
