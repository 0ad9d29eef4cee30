package ringside.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;

/// The media type of a file, for `Content-Type`: by its name for a server, which doesn't look into files, by
/// name and content for who packs them.
///
/// What the web mostly consists of is a table here: Apache Tika's own takes about a quarter of a second to
/// load, once per process, when the first name comes that isn't in the table. Text is said to be UTF-8.
///
/// Any thread. There is no cache: a [ServedFile] keeps its type.
public final class MediaTypes {

    private static final String UNKNOWN = "application/octet-stream";
    private static final String UTF_8 = "; charset=utf-8";

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("avif", "image/avif"),
            Map.entry("bin", UNKNOWN),
            Map.entry("css", "text/css" + UTF_8),
            Map.entry("csv", "text/csv" + UTF_8),
            Map.entry("dat", UNKNOWN),
            Map.entry("gif", "image/gif"),
            Map.entry("gz", "application/gzip"),
            Map.entry("htm", "text/html" + UTF_8),
            Map.entry("html", "text/html" + UTF_8),
            Map.entry("ico", "image/x-icon"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            // RFC 9239 §6
            Map.entry("js", "text/javascript" + UTF_8),
            Map.entry("json", "application/json"),
            Map.entry("mjs", "text/javascript" + UTF_8),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("txt", "text/plain" + UTF_8),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webm", "video/webm"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("xml", "application/xml"),
            Map.entry("zip", "application/zip"));

    /// What isn't compressed already. Text, and what is written as text or in its place.
    private static final Pattern COMPRESSIBLE = Pattern.compile("text/.*"
            + "|application/(javascript|json|ld\\+json|manifest\\+json|xml|wasm|rtf|x-sh|x-tex|sql|postscript|x-tar"
            + "|x-javascript|vnd\\.ms-fontobject|.*\\+(json|xml))"
            + "|image/(svg\\+xml|bmp|x-icon|x-ms-bmp|vnd\\.microsoft\\.icon)"
            + "|font/(ttf|otf|collection)|application/x-font-(ttf|otf)");

    /// Loads Tika's table when it is first needed.
    private static final class Tika {
        static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();
    }

    /// @param name the last segment of a path
    /// @return a value for `Content-Type`
    public String ofName(String name) {
        String known = ofExtension(name);
        return known != null ? known : ofTika(name, null);
    }

    /// The media type by name and content, for who reads the file anyway: the content decides where the name
    /// says nothing, and whether text is UTF-8. Text in another encoding gets no `charset`, so that the
    /// text's own word counts.
    ///
    /// @param start holds the file's first bytes; a few KiB are enough
    /// @param lengthBytes how many they are
    public String ofContent(String name, byte[] start, int lengthBytes) {
        String known = ofExtension(name);
        String type = known != null ? known : ofTika(name, new ByteArrayInputStream(start, 0, lengthBytes));
        boolean wrong = type.endsWith(UTF_8) && !Utf8.isBeginning(start, lengthBytes);
        return wrong ? type.substring(0, type.length() - UTF_8.length()) : type;
    }

    /// Whether what is of this type gets shorter by compressing, as a rule.
    ///
    /// @param mediaType with or without parameters
    public static boolean isCompressible(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        return COMPRESSIBLE
                .matcher(semicolon < 0 ? mediaType : mediaType.substring(0, semicolon))
                .matches();
    }

    private static @Nullable String ofExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? null : BY_EXTENSION.get(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static String ofTika(String name, @Nullable InputStream content) {
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        try {
            MediaType type = Tika.TYPES.detect(content, metadata);
            return type.getType().equals("text") ? type.getBaseType() + UTF_8 : type.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("reading a name, not a file", e);
        }
    }
}
