package ringside.loadtest;

import java.net.URI;
import java.net.URISyntaxException;

/// One URL to ask for, and how often compared with the others.
///
/// @param url `http://host[:port]/path[?query]`; a fragment isn't sent and so refused
/// @param weight above 0; a target with weight 2 is asked twice as often as one with weight 1
public record LoadTarget(URI url, double weight) {
    public LoadTarget {
        String scheme = url.getScheme();
        if (scheme == null) {
            throw new IllegalArgumentException("'" + url + "' has no scheme. Write http://host:port/path");
        }
        if (scheme.equalsIgnoreCase("https")) {
            throw new IllegalArgumentException(
                    "'" + url + "' asks for https, which the generator doesn't speak yet. Use http://");
        }
        if (!scheme.equalsIgnoreCase("http")) {
            throw new IllegalArgumentException("'" + url + "' isn't an http:// URL. Write http://host:port/path");
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            throw new IllegalArgumentException("'" + url + "' names no host. Write http://host:port/path");
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException("'" + url + "' names port " + url.getPort() + ". Ports are 1 to 65535");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "'" + url + "' has a user or a fragment, which the generator doesn't send. Leave it out");
        }
        if (!(weight > 0 && weight <= 1e12)) {
            throw new IllegalArgumentException("weight " + weight + " of '" + url + "' isn't above 0 and at most 1e12");
        }
    }

    /// A target of weight 1.
    ///
    /// @throws IllegalArgumentException with a message for a person when `url` can't be asked for
    public static LoadTarget parse(String url) {
        return parse(url, 1);
    }

    /// @throws IllegalArgumentException with a message for a person when `url` can't be asked for
    public static LoadTarget parse(String url, double weight) {
        try {
            return new LoadTarget(new URI(url), weight);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + url + "' isn't a URL: " + e.getReason() + ". Write http://host:port/path", e);
        }
    }

    /// Without the brackets of an IPv6 literal.
    public String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// 80 when the URL doesn't say.
    public int port() {
        return url.getPort() < 0 ? 80 : url.getPort();
    }

    /// What the request line asks for: the path and the query, at least `/`.
    public String path() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /// What the `Host` field carries.
    public String authority() {
        return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
    }
}
