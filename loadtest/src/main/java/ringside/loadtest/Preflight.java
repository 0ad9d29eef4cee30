package ringside.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/// Fetches every target once before the load, with a plain blocking socket: the server is there, each target is, its
/// length and checksum are what they should be, or what later answers are held to.
///
/// Belongs to one thread; [#cancel()] may come from any.
final class Preflight {

    /// RFC 9110 §15.4.5
    static final int NOT_MODIFIED = 304;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final LoadPlan plan;
    private final InetSocketAddress address;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ResponseParser parser = new ResponseParser();
    private final CRC32C checksum = new CRC32C();
    private volatile Socket socket = new Socket();
    private volatile boolean cancelled;
    private boolean reusable;

    Preflight(LoadPlan plan, InetSocketAddress address) {
        this.plan = plan;
        this.address = address;
    }

    /// @return the targets, in the plan's order; those of the warm-up, if there are any, come first
    /// @throws LoadException with a message for a person at the first target that isn't right
    List<PreparedTarget> fetchAll() {
        List<LoadTarget> fetched = plan.eachOnce() ? plan.warmUpTargets() : plan.targets();
        List<PreparedTarget> prepared = new ArrayList<>(fetched.size());
        try {
            for (LoadTarget target : fetched) {
                prepared.add(fetch(target));
            }
        } finally {
            close();
        }
        if (plan.eachOnce()) {
            plan.targets().forEach(target -> prepared.add(untouched(target)));
        }
        return prepared;
    }

    private PreparedTarget untouched(LoadTarget target) {
        ExpectedBody expected = Objects.requireNonNull(plan.expectedBodies().get(target.path()));
        return new PreparedTarget(
                target.path(),
                PreparedTarget.requestOf(target, plan.requestFields()),
                expected.lengthBytes(),
                expected.crc32c(),
                false);
    }

    /// Makes a fetch that is on its way fail.
    void cancel() {
        cancelled = true;
        close();
    }

    private PreparedTarget fetch(LoadTarget target) {
        byte[] request = PreparedTarget.requestOf(target, plan.requestFields());
        boolean kept = reusable;
        boolean whole;
        try {
            whole = exchange(request);
            if (!whole && kept && !parser.started()) {
                // Closed between two requests, as a server may.
                reusable = false;
                whole = exchange(request);
            }
        } catch (IOException e) {
            throw new LoadException(
                    "GET " + target.url() + " failed: " + e.getMessage() + ". See whether the server is well: curl -v "
                            + target.url(),
                    e);
        }
        if (!whole) {
            throw new LoadException("GET " + target.url() + ": the server closed the connection after "
                    + parser.bodyBytes() + " bytes of the body, before the answer was whole. See its log");
        }
        return judge(target, request);
    }

    private PreparedTarget judge(LoadTarget target, byte[] request) {
        boolean unmodified =
                parser.status() == NOT_MODIFIED && !plan.requestFields().isEmpty();
        if (!unmodified && (parser.status() < 200 || parser.status() > 299)) {
            throw new LoadException("GET " + target.url() + " was answered with status " + parser.status()
                    + ". The load needs a 2xx: correct the URL or the server");
        }
        long length = parser.bodyBytes();
        long crc = checksum.getValue();
        ExpectedBody expected = plan.expectedBodies().get(target.path());
        if (expected != null && expected.lengthBytes() != length) {
            throw new LoadException("GET " + target.url() + " gave " + length + " bytes where " + expected.lengthBytes()
                    + " are expected. See what the server serves there");
        }
        if (expected != null && expected.crc32c() != crc) {
            throw new LoadException("GET " + target.url() + " gave " + length + " bytes of CRC-32C "
                    + Long.toHexString(crc) + " where " + Long.toHexString(expected.crc32c())
                    + " is expected. See what the server serves there");
        }
        return new PreparedTarget(target.path(), request, length, crc, unmodified);
    }

    /// @return whether the answer came whole
    private boolean exchange(byte[] request) throws IOException {
        if (!reusable) {
            connect();
        }
        parser.begin(checksum);
        try {
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            while (true) {
                int count = in.read(bytes);
                ResponseParser.Outcome outcome =
                        count < 0 ? parser.closed() : parser.feed(buffer.clear().put(bytes, 0, count), 0, count);
                switch (outcome) {
                    case DONE -> {
                        reusable = count >= 0 && parser.keepAlive() && parser.position() == count;
                        return true;
                    }
                    case MALFORMED -> throw new IOException("the answer isn't HTTP/1.x");
                    case MORE -> {
                        if (count < 0) {
                            return false;
                        }
                    }
                }
            }
        } catch (IOException e) {
            if (reusable && !parser.started() && !cancelled) {
                return false;
            }
            throw e;
        }
    }

    private void connect() throws IOException {
        close();
        Socket fresh = new Socket();
        socket = fresh;
        if (cancelled) {
            throw new IOException("stopped");
        }
        int timeoutMillis = (int) Math.max(1, plan.timeout().toMillis());
        try {
            fresh.connect(address, timeoutMillis);
        } catch (IOException e) {
            throw new LoadException(
                    "can't connect to " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage()
                            + ". Start the server first, or correct the port",
                    e);
        }
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(timeoutMillis);
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is lost with a connection that is given up anyway.
            reusable = false;
        }
    }
}
