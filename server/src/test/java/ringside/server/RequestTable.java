package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.Transport;

/// A table of requests, and what each must be answered with, on every transport.
abstract class RequestTable {

    static final String HOST = "Host: test\r\n";
    static final boolean KEPT = false;
    static final boolean CLOSED = true;

    /// @param name begins with the section that says so
    /// @param request sent at once, and nothing after it
    /// @param closed whether the server must close the connection after its answer; else it must answer another
    record Row(String name, String request, int status, boolean closed) {}

    private final List<Row> rows;
    private final List<TestServer> servers = new ArrayList<>();

    @TempDir
    Path directory;

    RequestTable(List<Row> rows) {
        this.rows = rows;
    }

    /// A request without a body.
    static Row row(String name, String head, int status, boolean closed) {
        return new Row(name, head + "\r\n", status, closed);
    }

    @AfterEach
    void closeServers() {
        servers.forEach(TestServer::close);
    }

    @TestFactory
    Stream<DynamicTest> nio() {
        return tests(Transport.NIO);
    }

    @TestFactory
    Stream<DynamicTest> epoll() {
        return tests(Transport.EPOLL);
    }

    @TestFactory
    Stream<DynamicTest> ioUring() {
        return tests(Transport.IO_URING);
    }

    private Stream<DynamicTest> tests(Transport transport) {
        TestServer server = new TestServer(transport, directory);
        servers.add(server);
        return rows.stream().map(row -> dynamicTest(row.name, () -> check(server, row)));
    }

    private static void check(TestServer server, Row row) throws IOException {
        try (RawClient client = server.client()) {
            Response response = client.send(row.request).read(!row.request.startsWith("HEAD"));
            assertEquals(row.status, response.status(), response.text());
            assertEquals(row.closed ? "close" : "", response.field("Connection").replace("keep-alive", ""));
            boolean lists = row.status == 405 || (row.status == 200 && row.request.startsWith("OPTIONS"));
            assertEquals(lists ? "GET, HEAD, OPTIONS" : "", response.field("Allow"));
            assertEquals(29, response.field("Date").length());
            if (row.status >= 400) {
                assertTrue(response.text().length() > 10, "an error says what is wrong");
            }
            if (row.closed) {
                assertTrue(client.atEnd(), "the server closes, or ends its output, by itself");
            } else {
                assertEquals(200, client.get("/small.txt").status(), "the connection is kept");
            }
            assertEquals(0, server.server.counters().defects());
        }
    }
}
