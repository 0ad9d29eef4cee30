package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// SEND_ZCs that the kernel refuses for being such are repeated with a copy: no byte is lost, sent twice or late, and
/// the engine says how many there were.
@Timeout(60)
class RefusedZeroCopyTest {

    private static final int FILE_BYTES = 1 << 20;
    private static final int CLIENTS = 3;
    private static final int REQUESTS = 4;

    @TempDir
    private Path directory;

    /// Over a limit on memory one send is refused; a socket without zero copy refuses all of them.
    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOBUFS, Errno.ENOMEM, Errno.EOPNOTSUPP})
    void aRefusedSendIsRepeatedWithACopy(int errno) throws Exception {
        Kernel kernel = new FfmKernel();
        ChosenEngine engine = ChosenEngine.parse("uring-zc:buffers=4,chunk-bytes=64k,zero-copy-threshold=0");
        Availability found = engine.engine().probe(kernel, Transport.EPOLL);
        assumeTrue(found.isAvailable(), found::toString);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        RefusingSendKernel refusing = new RefusingSendKernel(kernel, 3, errno);
        try (RangeServer server = new RangeServer(engine, Transport.EPOLL, refusing, file, 0)) {
            for (int i = 0; i < CLIENTS; i++) {
                try (RangeClient client = server.client()) {
                    for (int request = 0; request < REQUESTS; request++) {
                        client.request(request, FILE_BYTES - request);
                        client.expect(file, request, FILE_BYTES - request);
                    }
                }
            }
            Map<String, Long> counts = server.counts();
            int injected = server.onLoop(refusing::refused);
            long refused = counts.getOrDefault("zero-copy sends refused", -1L);
            assumeTrue(injected > 0 && refused != 0, "a NOP with a result needs Linux 6.10");
            assertEquals(injected, refused, counts::toString);
            assertTrue(counts.getOrDefault("plain sends", 0L) >= refused, counts::toString);
            boolean allOfTheSocket = errno == Errno.EOPNOTSUPP;
            assertEquals(allOfTheSocket, refused <= CLIENTS, counts::toString);
            assertTrue(counts.getOrDefault("zero-copy sends", 0L) > refused, counts::toString);
        }
    }
}
