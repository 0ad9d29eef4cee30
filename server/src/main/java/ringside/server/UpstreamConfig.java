package ringside.server;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The applications of a server, and what it grants them.
///
/// @param rules none twice for the same prefix
/// @param connectionsMax to each application, over all event loops, each of which may have at least one; requests
///     beyond wait, and their bodies with them
/// @param idleMax connections to each application that stay open when nobody needs them, over all event loops. Only
///     FastCGI can keep any; each may hold a process of the application's. 0 = a connection for each request
/// @param waitingMax requests that wait for a connection of one event loop to an application; more are answered 503
/// @param timeoutSeconds for which an application may say nothing while it is waited for; then 504
public record UpstreamConfig(
        List<UpstreamRule> rules, int connectionsMax, int idleMax, int waitingMax, int timeoutSeconds) {

    public static final UpstreamConfig NONE = new UpstreamConfig(List.of(), 64, 0, 1024, 60);

    public UpstreamConfig {
        rules = List.copyOf(rules);
        Set<String> prefixes = new HashSet<>();
        for (UpstreamRule rule : rules) {
            if (!prefixes.add(rule.prefix())) {
                throw new IllegalArgumentException(
                        "the prefix " + rule.prefix() + " has two applications: give each a prefix of its own");
            }
        }
        if (connectionsMax < 1 || idleMax < 0 || idleMax > connectionsMax || waitingMax < 0 || timeoutSeconds < 1) {
            throw new IllegalArgumentException("limits of applications out of range: " + connectionsMax
                    + " connections (at least 1), " + idleMax + " idle (0 to as many), " + waitingMax
                    + " waiting requests (at least 0), " + timeoutSeconds + " s (at least 1)");
        }
    }
}
