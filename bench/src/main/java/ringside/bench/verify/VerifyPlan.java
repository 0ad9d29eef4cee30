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
/// @param patience for how long nothing may come on a connection that waits for something
public record VerifyPlan(
        List<ChosenEngine> engines,
        List<Transport> transports,
        Duration time,
        int connections,
        long seed,
        boolean mutate,
        Path directory,
        Duration patience) {

    public static final int CONNECTIONS_DEFAULT = 24;
    public static final Duration TIME_DEFAULT = Duration.ofSeconds(5);
    public static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(10);

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
        if (patience.toMillis() < 1) {
            throw new IllegalArgumentException("a patience of " + patience + ": choose at least a millisecond");
        }
    }

    int pairs() {
        return engines.size() * transports.size();
    }
}
