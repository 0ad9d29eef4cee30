package ringside.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The meta-variables of one request: RFC 3875 §4.1, and what applications expect besides (`REQUEST_URI`,
/// `DOCUMENT_ROOT`, `SCRIPT_FILENAME`, `REMOTE_PORT`, `SERVER_ADDR`, `REQUEST_SCHEME`, `REDIRECT_STATUS`).
///
/// A field becomes `HTTP_` and its name in upper case, its dashes underscores. Not so those about the connection
/// (RFC 9110 §7.6.1), nor names with an underscore, which would be taken for those with a dash, nor `Proxy`, which many
/// an HTTP library takes for its own proxy's address (CVE-2016-5385). Fields of the same name are joined by commas
/// (RFC 9110 §5.3), cookies by semicolons (RFC 6265 §5.4).
final class CgiVariables {

    private static final Set<String> OMITTED = Set.of(
            "CONNECTION",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
            "EXPECT",
            "KEEP_ALIVE",
            "PROXY",
            "PROXY_AUTHORIZATION",
            "PROXY_CONNECTION",
            "TE",
            "TRAILER",
            "TRANSFER_ENCODING",
            "UPGRADE");

    private final List<UpstreamCodec.Variable> variables = new ArrayList<>();

    private CgiVariables() {}

    /// @param parser has read the request, from `octets`
    /// @param path holds the decoded, normalised path up to `pathLength`
    /// @param local the connection's address on this side
    /// @param remote and on the client's
    static CgiVariables of(
            UpstreamRule rule,
            RequestParser parser,
            byte[] octets,
            byte[] path,
            int pathLength,
            SocketAddress local,
            SocketAddress remote) {
        CgiVariables result = new CgiVariables();
        result.addRequest(parser, octets);
        result.addScript(rule, path, pathLength);
        result.addPeers(local, remote);
        result.addFields(parser, octets, local);
        return result;
    }

    List<UpstreamCodec.Variable> list() {
        return variables;
    }

    /// The length of the body, which may be known only when it has been read.
    void addContentLength(long lengthBytes) {
        add("CONTENT_LENGTH", Long.toString(lengthBytes));
    }

    /// @param value its characters are octets
    private void add(String name, String value) {
        variables.add(new UpstreamCodec.Variable(name, value));
    }

    private static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// What comes from a configuration is UTF-8 outside.
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void addRequest(RequestParser parser, byte[] octets) {
        int methodTo = parser.lineFrom;
        while (octets[methodTo] != ' ') {
            methodTo++;
        }
        int targetTo = parser.lineTo - " HTTP/1.1".length();
        add("GATEWAY_INTERFACE", "CGI/1.1");
        add("SERVER_SOFTWARE", "ringside");
        add("SERVER_PROTOCOL", parser.version11 ? "HTTP/1.1" : "HTTP/1.0");
        add("REQUEST_SCHEME", "http");
        add("REQUEST_METHOD", text(octets, parser.lineFrom, methodTo));
        // As it was sent; of the absolute form what comes after the authority.
        String uri = text(octets, parser.pathFrom, targetTo);
        add("REQUEST_URI", uri.startsWith("/") ? uri : "/" + uri);
        add("QUERY_STRING", text(octets, Math.min(parser.queryTo, parser.queryFrom + 1), parser.queryTo));
        // php-cgi wants to see that a server has called it.
        add("REDIRECT_STATUS", "200");
    }

    /// RFC 3875 §4.1.13 and §4.1.5: which part of the path has led to the script, and which is the script's own.
    private void addScript(UpstreamRule rule, byte[] path, int pathLength) {
        String prefix = rule.prefix().equals("/") ? "" : octets(rule.prefix());
        String rest = text(path, prefix.length(), pathLength);
        if (rule.scripts().isEmpty()) {
            add("SCRIPT_NAME", prefix);
            add("PATH_INFO", rest);
            return;
        }
        String directory = octets(rule.scripts().get().toString());
        int scriptTo = scriptEnd(rest);
        String script = scriptTo < 0 ? "/index.php" : rest.substring(0, scriptTo);
        String info = scriptTo < 0 ? (rest.equals("/") ? "" : rest) : rest.substring(scriptTo);
        add("DOCUMENT_ROOT", directory);
        add("SCRIPT_FILENAME", directory + script);
        add("SCRIPT_NAME", prefix + script);
        add("PATH_INFO", info);
        if (!info.isEmpty()) {
            add("PATH_TRANSLATED", directory + info);
        }
    }

    /// After the first segment that ends in `.php`, or −1: then it is the directory's `index.php` that is asked.
    private static int scriptEnd(String path) {
        for (int at = path.indexOf(".php"); at >= 0; at = path.indexOf(".php", at + 1)) {
            int end = at + 4;
            if (end == path.length() || path.charAt(end) == '/') {
                return end;
            }
        }
        return -1;
    }

    private void addPeers(SocketAddress local, SocketAddress remote) {
        if (remote instanceof InetSocketAddress peer && peer.getAddress() != null) {
            add("REMOTE_ADDR", peer.getAddress().getHostAddress());
            add("REMOTE_PORT", Integer.toString(peer.getPort()));
        }
        if (local instanceof InetSocketAddress here && here.getAddress() != null) {
            add("SERVER_ADDR", here.getAddress().getHostAddress());
            add("SERVER_PORT", Integer.toString(here.getPort()));
        }
    }

    private void addFields(RequestParser parser, byte[] octets, SocketAddress local) {
        Map<String, String> fields = fields(parser, octets);
        String host = authority(parser, octets);
        if (!host.isEmpty()) {
            // RFC 9112 §3.2.2: the target's counts.
            fields.put("HOST", host);
        }
        host = fields.getOrDefault("HOST", "");
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        if (name.isEmpty() && local instanceof InetSocketAddress here && here.getAddress() != null) {
            name = here.getAddress().getHostAddress();
        }
        add("SERVER_NAME", name);
        String type = fields.get("CONTENT_TYPE");
        if (type != null) {
            add("CONTENT_TYPE", type);
        }
        fields.forEach((field, value) -> {
            if (!OMITTED.contains(field)) {
                add("HTTP_" + field, value);
            }
        });
    }

    /// By their variables' names, without `HTTP_`.
    private static Map<String, String> fields(RequestParser parser, byte[] octets) {
        Map<String, String> fields = new HashMap<>();
        int position = parser.lineTo + 2;
        while (octets[position] != '\r') {
            int end = position;
            int colon = -1;
            for (; octets[end] != '\r'; end++) {
                if (octets[end] == ':' && colon < 0) {
                    colon = end;
                }
            }
            String name = text(octets, position, colon);
            if (name.indexOf('_') < 0) {
                String joint = name.equalsIgnoreCase("cookie") ? "; " : ", ";
                fields.merge(
                        name.toUpperCase(Locale.ROOT).replace('-', '_'),
                        blanksRemoved(text(octets, colon + 1, end)),
                        (one, other) -> one + joint + other);
            }
            position = end + 2;
        }
        return fields;
    }

    private static String blanksRemoved(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
            to--;
        }
        return value.substring(from, to);
    }

    /// Of the absolute form (RFC 9112 §3.2.2); empty for another.
    private static String authority(RequestParser parser, byte[] octets) {
        int from = parser.lineFrom;
        while (octets[from] != ' ') {
            from++;
        }
        String before = text(octets, from + 1, parser.pathFrom);
        int slashes = before.indexOf("://");
        return slashes < 0 ? "" : before.substring(slashes + 3);
    }
}
