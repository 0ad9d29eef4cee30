package ringside.bench.verify;

import org.jspecify.annotations.Nullable;

/// A request of a client, and so what has to come.
///
/// @param file null for a path that isn't there
/// @param path as it stands in the request
record Ask(@Nullable KnownFile file, String path, boolean headOnly) {

    private static final String ABSENT = "/not-there.bin";

    static Ask file(KnownFile file, boolean headOnly) {
        return new Ask(file, file.urlPath(), headOnly);
    }

    static Ask absent(boolean headOnly) {
        return new Ask(null, ABSENT, headOnly);
    }

    String text() {
        return (headOnly ? "HEAD " : "GET ") + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    }

    @Override
    public String toString() {
        return (headOnly ? "HEAD " : "GET ") + path;
    }
}
