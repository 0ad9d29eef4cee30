package ringside.bench.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The differences that are known: a line each, `category, request, what differs, ours, nginx's`, separated by tabs.
/// The
/// first line names the version of nginx.
final class Differences {

    static final String UNEXPLAINED = "unexplained";

    /// One part of one answer. An absent part is empty.
    record Difference(String request, String part, String ours, String theirs) {

        String line(String category) {
            return String.join("\t", category, request, part, ours, theirs);
        }
    }

    final String version;
    final Map<Difference, String> categories = new LinkedHashMap<>();

    private Differences(String version) {
        this.version = version;
    }

    static Differences read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Differences differences = new Differences(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            if (cells.length != 5) {
                throw new IOException(file + ": not five cells: " + line);
            }
            differences.categories.put(new Difference(cells[1], cells[2], cells[3], cells[4]), cells[0]);
        }
        return differences;
    }

    Set<String> names() {
        return new TreeSet<>(categories.values());
    }

    /// Writes what there is now. What was known keeps its category; what is new is unexplained.
    void write(Path file, String version, List<Difference> now) throws IOException {
        List<String> lines = new ArrayList<>();
        now.forEach(difference -> lines.add(difference.line(categories.getOrDefault(difference, UNEXPLAINED))));
        lines.sort(null);
        lines.addFirst(version);
        Files.write(file, lines);
    }

    /// A request as one line of ASCII.
    static String printable(String request) {
        StringBuilder text = new StringBuilder();
        String shown = request.replaceAll("a{100,}", "aaa…");
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> text.append(c < ' ' || (c > '~' && c <= 0xff) ? "\\x%02x".formatted((int) c) : c);
            }
        }
        return text.toString();
    }
}
