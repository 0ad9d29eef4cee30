package ringside.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which pages of the content go with answers that say no: by status, else by its class, else the content's own
/// (a webroot can bring some), else a line of text.
///
/// @param paths decoded, normalised, by what they are for: a status from 400 to 599, or 4 and 5 for its class
public record ErrorPages(Map<Integer, String> paths) {

    public static final ErrorPages NONE = new ErrorPages(Map.of());

    public ErrorPages {
        paths = Map.copyOf(paths);
        paths.forEach((status, path) -> {
            if (status != 4 && status != 5 && (status < 400 || status > 599)) {
                throw new IllegalArgumentException(
                        "an error page for " + status + ": choose a status from 400 to 599, or 4xx or 5xx");
            }
            if (!path.startsWith("/") || path.endsWith("/") || path.contains("//") || path.contains("/.")) {
                throw new IllegalArgumentException("'" + path + "' can't be an error page: write the path of a file as"
                        + " it is asked for, as /errors/404.html");
            }
        });
    }

    /// @param texts such as `404=/404.html`, `5xx=/sorry.html`
    public static ErrorPages parse(List<String> texts) {
        Map<Integer, String> paths = new HashMap<>();
        for (String text : texts) {
            if (!text.matches("[45](xx|[0-9][0-9])=.+")) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no error page: write 404=/404.html or 4xx=/sorry.html");
            }
            String status = text.substring(0, 3);
            String path = text.substring(4);
            int key = Integer.parseInt(status.endsWith("xx") ? status.substring(0, 1) : status);
            if (paths.put(key, path) != null) {
                throw new IllegalArgumentException("two error pages for " + status + ": choose one");
            }
        }
        return new ErrorPages(paths);
    }

    /// @return empty if nothing was chosen for the status
    String path(int status) {
        if (paths.isEmpty()) {
            return "";
        }
        String exact = paths.get(status);
        return exact != null ? exact : paths.getOrDefault(status / 100, "");
    }
}
