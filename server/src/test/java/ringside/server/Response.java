package ringside.server;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// A response as a client sees it.
final class Response {

    private final int status;
    private final Map<String, String> fields;
    private final byte[] body;

    /// @param fields by name in lower case
    Response(int status, Map<String, String> fields, byte[] body) {
        this.status = status;
        this.fields = Map.copyOf(fields);
        this.body = body;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    /// Empty if there is none.
    String field(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
