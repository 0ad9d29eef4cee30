package ringside.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import ringside.server.UpstreamConfig;
import ringside.server.UpstreamProtocol;
import ringside.server.UpstreamRule;

/// The applications behind a server: the options of `ringside serve` that name them.
final class UpstreamOptions {

    @Option(
            names = "--fastcgi",
            paramLabel = "PREFIX=ADDRESS",
            description = "Have a FastCGI application answer the paths under a prefix, by whole segments; the longest"
                    + " prefix counts: /app=unix:/run/app.sock or /=tcp:127.0.0.1:9000. May be repeated.")
    private List<String> fastCgi = new ArrayList<>();

    @Option(
            names = "--fastcgi-root",
            paramLabel = "[PREFIX=]DIR",
            description = "Where the scripts of a FastCGI application are, as php-fpm needs to know: PREFIX/x.php is"
                    + " DIR/x.php, and a path without a .php segment is DIR/index.php. Without PREFIX it holds for"
                    + " all. May be repeated.")
    private List<String> fastCgiRoots = new ArrayList<>();

    @Option(
            names = "--uwsgi",
            paramLabel = "PREFIX=ADDRESS",
            description = "The same for an application that speaks the uwsgi protocol. May be repeated.")
    private List<String> uwsgi = new ArrayList<>();

    @Option(
            names = "--upstream-connections",
            paramLabel = "COUNT",
            defaultValue = "64",
            description = "Connections to each application at most, divided among the event loops; requests beyond wait"
                    + " (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--upstream-idle",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Connections to each FastCGI application that are kept open for the next request. Each may"
                    + " hold one of its processes: fewer than it has (default: ${DEFAULT-VALUE}).")
    private int idle;

    @Option(
            names = "--upstream-waiting",
            paramLabel = "COUNT",
            defaultValue = "1024",
            description = "Requests that each event loop lets wait for a connection; more are answered 503"
                    + " (default: ${DEFAULT-VALUE}).")
    private int waiting;

    @Option(
            names = "--upstream-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Quantities.Span.class,
            description = "For which an application may say nothing; then 504 (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    /// @throws IllegalArgumentException with a message for a person
    UpstreamConfig upstreams() {
        List<UpstreamRule> rules = new ArrayList<>();
        fastCgi.forEach(text -> rules.add(UpstreamRule.parse(UpstreamProtocol.FASTCGI, text)));
        uwsgi.forEach(text -> rules.add(UpstreamRule.parse(UpstreamProtocol.UWSGI, text)));
        // One with a prefix counts more than one for all.
        fastCgiRoots.stream().filter(root -> !root.contains("=")).forEach(root -> setScripts(rules, "", root));
        fastCgiRoots.stream().filter(root -> root.contains("=")).forEach(root -> {
            int equals = root.indexOf('=');
            setScripts(rules, root.substring(0, equals), root.substring(equals + 1));
        });
        return new UpstreamConfig(rules, connections, idle, waiting, Quantities.secondsUp(timeout));
    }

    /// @param prefix empty for all
    private static void setScripts(List<UpstreamRule> rules, String prefix, String directory) {
        boolean used = false;
        for (int i = 0; i < rules.size(); i++) {
            UpstreamRule rule = rules.get(i);
            if (rule.protocol() == UpstreamProtocol.FASTCGI
                    && (prefix.isEmpty() || rule.prefix().equals(prefix))) {
                rules.set(
                        i, rule.withScripts(Path.of(directory).toAbsolutePath().normalize()));
                used = true;
            }
        }
        if (!used) {
            throw new IllegalArgumentException("--fastcgi-root "
                    + (prefix.isEmpty() ? directory : prefix + "=" + directory)
                    + " is for no application: name one by --fastcgi PREFIX=ADDRESS");
        }
    }
}
