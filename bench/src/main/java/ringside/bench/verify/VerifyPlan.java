package ringside.bench.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// What is to be verified, and for how long.
///
/// @param engines at least one
/// @param transports at least one; every engine is tried on each
/// @param time for each pair
/// @param connections clients at once, 1 to [#CONNECTIONS_MAX]
/// @param seed decides contents and moods
/// @param mutate whether files are replaced and cut off while they are served
/// @param directory where the tree is made: the file system that is read from
/// @param replacements of a webroot under load, which is what is verified then: 0 for files in a directory, else up to
///     [#REPLACEMENTS_MAX], whose last ends a pair whatever its time
/// @param patience for how long nothing may come on a connection that waits for something
public record VerifyPlan(
        List<ChosenEngine> engines,
        List<Transport> transports,
        Duration time,
        int connections,
        long seed,
        boolean mutate,
        Path directory,
        int replacements,
        Duration patience) {

    public static final int CONNECTIONS_DEFAULT = 24;
    public static final Duration TIME_DEFAULT = Duration.ofSeconds(5);
    public static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(10);

    static final int REPLACEMENTS_MAX = 1_000_000;

    /// Each is a thread here, and two descriptors.
    static final int CONNECTIONS_MAX = 2000;

    private static final Duration TIME_MAX = Duration.ofDays(7);

    public VerifyPlan {
        engines = List.copyOf(engines);
        transports = List.copyOf(transports);
        if (engines.isEmpty() || transports.isEmpty()) {
            throw new IllegalArgumentException("nothing to verify: name an engine and a transport");
        }
        if (time.isNegative() || time.isZero() || time.compareTo(TIME_MAX) > 0) {
            throw new IllegalArgumentException(
                    "a time of " + time.toMillis() / 1e3 + " s for each pair: choose more than 0, up to 7 days");
        }
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new IllegalArgumentException(connections + " connections: choose 1 to " + CONNECTIONS_MAX);
        }
        if (replacements < 0 || replacements > REPLACEMENTS_MAX) {
            throw new IllegalArgumentException(replacements + " replacements: choose up to " + REPLACEMENTS_MAX);
        }
        if (replacements > 0 && mutate) {
            throw new IllegalArgumentException(
                    "files of a directory are mutated, webroots replaced: verify one after the other");
        }
        if (patience.toMillis() < 1) {
            throw new IllegalArgumentException("a patience of " + patience + ": choose at least a millisecond");
        }
    }

    /// Of files in a directory.
    public VerifyPlan(
            List<ChosenEngine> engines,
            List<Transport> transports,
            Duration time,
            int connections,
            long seed,
            boolean mutate,
            Path directory,
            Duration patience) {
        this(engines, transports, time, connections, seed, mutate, directory, 0, patience);
    }

    VerifyPlan withReplacements(int count) {
        return new VerifyPlan(engines, transports, time, connections, seed, mutate, directory, count, patience);
    }

    int pairs() {
        return engines.size() * transports.size();
    }
}
