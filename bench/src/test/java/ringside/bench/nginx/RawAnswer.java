package ringside.bench.nginx;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The first answer to what is sent on a connection of its own, brought into a form in which two servers' answers can
/// be compared: what must differ (dates, names, the boundary between parts, the value of an entity tag) is left out or
/// replaced.
final class RawAnswer {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

    /// `status`, `body` (its length and checksum), and what the fields say that are compared.
    final Map<String, String> parts = new TreeMap<>();

    private String entityTag = "";

    private RawAnswer() {}

    /// As it was sent; empty if there was none.
    String entityTag() {
        return entityTag;
    }

    /// Sends octets (one a character) and reads an answer.
    static RawAnswer to(int port, String request) throws IOException {
        RawAnswer answer = new RawAnswer();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            answer.read(new BufferedInputStream(socket.getInputStream()), request.startsWith("HEAD "));
        } catch (SocketException e) {
            answer.parts.put("status", "reset");
        }
        return answer;
    }

    private void read(InputStream in, boolean headOnly) throws IOException {
        String statusLine = line(in);
        if (!statusLine.startsWith("HTTP/1.")) {
            parts.put("status", statusLine.isEmpty() ? "closed" : "no status line");
            return;
        }
        String status = statusLine.substring(9, 12);
        Map<String, String> fields = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        parts.put("status", status);
        parts.put("closes", Boolean.toString("close".equals(fields.get("connection"))));
        entityTag = fields.getOrDefault("etag", "");
        boolean success = status.startsWith("2") || status.equals("304");
        if (success) {
            parts.put("etag", entityTag.isEmpty() ? "none" : entityTag.startsWith("W/") ? "weak" : "strong");
        }
        for (String name : new String[] {"location", "content-range", "vary", "content-encoding", "cache-control"}) {
            parts.put(name, fields.getOrDefault(name, ""));
        }
        if (success) {
            for (String name : new String[] {"last-modified", "accept-ranges"}) {
                parts.put(name, fields.getOrDefault(name, ""));
            }
            body(in, headOnly || status.equals("304"), fields);
        }
        parts.values().removeIf(String::isEmpty);
    }

    private void body(InputStream in, boolean none, Map<String, String> fields) throws IOException {
        String type = fields.getOrDefault("content-type", "");
        String length = fields.get("content-length");
        Matcher boundary = BOUNDARY.matcher(type);
        boolean multipart = type.startsWith("multipart/") && boundary.find();
        parts.put("content-type", multipart ? type.substring(0, boundary.start()) + "boundary" : type);
        if (none) {
            parts.put("content-length", length == null ? "" : length);
            return;
        }
        byte[] body = length != null ? in.readNBytes(Integer.parseInt(length)) : in.readAllBytes();
        if (multipart) {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            // A line end before the first boundary belongs to nothing (RFC 2046 §5.1.1).
            body = text.replace(boundary.group(1), "boundary").strip().getBytes(StandardCharsets.ISO_8859_1);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        parts.put("body", body.length + " bytes, " + HexFormat.of().toHexDigits((int) checksum.getValue()));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
