package ringside.content.webroot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import ringside.content.Encoding;

/// Draws a webroot for Graphviz: the tree of paths, and the bodies behind it, each once, so that shared
/// content shows.
///
/// ```
///   "/" ─► "/a/" ─► "b.html" ─► body 3 (1,234 bytes)
///                            ┄► body 4 (567 bytes), gzip
/// ```
public final class WebrootGraph {

    private final Appendable out;
    private final Set<String> directories = new HashSet<>();
    private final BitSet bodies = new BitSet();

    private WebrootGraph(Appendable out) {
        this.out = out;
    }

    /// Writes the graph in the language of dot(1), in UTF-8's characters.
    ///
    /// @param out stays open
    /// @throws IOException if that can't be written
    /// @throws WebrootException if the index contradicts itself
    public static void write(Webroot webroot, Appendable out) throws IOException {
        WebrootGraph graph = new WebrootGraph(out);
        try {
            graph.line("digraph webroot {");
            graph.line("  rankdir=LR; node [shape=box, fontname=\"sans-serif\"];");
            webroot.visit((path, entry) -> graph.resource(text(path), entry));
            webroot.errorPages().forEach((status, page) -> {
                String node = "error " + status;
                graph.node(node, node, "octagon");
                graph.edge(node, graph.body(page.body()), "");
            });
            graph.line("}");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void resource(String path, WebrootEntry entry) {
        int slash = path.lastIndexOf('/') + 1;
        String directory = path.substring(0, slash);
        directory(directory);
        String node = directory;
        if (slash < path.length()) {
            node = "resource " + path;
            node(node, path.substring(slash), entry instanceof WebrootEntry.File ? "note" : "cds");
            edge(directory, node, "");
        }
        switch (entry) {
            case WebrootEntry.File(Body body, String mediaType, long _, var variants) -> {
                edge(node, body(body), mediaType);
                for (Encoding encoding : Encoding.values()) {
                    Body variant = variants.get(encoding);
                    if (variant != null) {
                        edge(node, body(variant), encoding.token());
                    }
                }
            }
            case WebrootEntry.Redirect(int status, String location) -> {
                String target = "location " + location;
                node(target, location, "plaintext");
                edge(node, target, Integer.toString(status));
            }
            case WebrootEntry.SlashMissing _ -> edge(node, path + "/", "301");
            case WebrootEntry.Forbidden _ -> {
                String target = "forbidden " + path;
                node(target, "forbidden", "plaintext");
                edge(node, target, "403");
            }
        }
    }

    private void directory(String path) {
        if (!directories.add(path)) {
            return;
        }
        node(path, path, "folder");
        if (path.length() > 1) {
            String above = path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
            directory(above);
            edge(above, path, "");
        }
    }

    private String body(Body body) {
        String node = "body " + body.id();
        if (!bodies.get((int) body.id())) {
            bodies.set((int) body.id());
            String label = "%,d bytes at %,d\n%s…"
                    .formatted(body.lengthBytes(), body.offset(), body.sha256().substring(0, 12));
            node(node, label, "cylinder");
        }
        return node;
    }

    private void node(String id, String label, String shape) {
        line("  " + quoted(id) + " [label=" + quoted(label) + ", shape=" + shape + "];");
    }

    private void edge(String from, String to, String label) {
        line("  " + quoted(from) + " -> " + quoted(to) + (label.isEmpty() ? "" : " [label=" + quoted(label) + "]")
                + ";");
    }

    private void line(String text) {
        try {
            out.append(text).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /// A path as text: bytes that are no UTF-8, and control characters, percent-encoded.
    public static String text(byte[] path) {
        String text = new String(path, StandardCharsets.UTF_8);
        boolean plain = text.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == 0xFFFD);
        if (plain) {
            return text;
        }
        StringBuilder encoded = new StringBuilder();
        for (byte octet : path) {
            boolean visible = octet > ' ' && octet < 0x7F && octet != '%';
            encoded.append(visible ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xFF));
        }
        return encoded.toString();
    }
}
