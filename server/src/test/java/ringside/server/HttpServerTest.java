package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

class HttpServerTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void servesAFile(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            Response response = client.get("/small.txt");
            assertEquals(200, response.status());
            assertEquals("text/plain; charset=utf-8", response.field("Content-Type"));
            assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", response.field("Date"));
            assertEquals("ringside", response.field("Server"));
            assertEquals("", response.field("Connection"));
            assertArrayEquals(TestServer.SMALL, response.body());
            Response second = client.get("/big.bin");
            assertEquals(200, second.status());
            assertArrayEquals(TestServer.BIG, second.body());
            assertEquals(404, client.get("/absent").status());
            assertEquals(0, server.server.counters().defects());
        }
    }
}
