package ringside.bench.evidence;

import java.util.List;
import java.util.Optional;
import ringside.bench.result.Run;
import ringside.bench.result.Side;

/// Which side of a run is the baseline, and which its twin.
final class Arms {

    /// Reads no file, so that nothing is an improvement on it.
    private static final String CEILING = "memory";

    private Arms() {}

    /// The one that the plan names; of a run of before plans named one, the first that ran and isn't the ceiling.
    ///
    /// @param sides with a valid launch
    /// @return empty when the baseline has none
    static Optional<Side> baseline(Run run, List<Side> sides) {
        if (!run.plan().baseline().isEmpty()) {
            return named(run.plan().baseline(), sides);
        }
        return sides.stream()
                .filter(side -> !side.engine().equals(CEILING))
                .findFirst()
                .or(() -> sides.stream().findFirst());
    }

    /// Empty when none ran.
    static Optional<Side> control(Run run, List<Side> sides) {
        return named(run.plan().control(), sides);
    }

    private static Optional<Side> named(String label, List<Side> sides) {
        return sides.stream().filter(side -> side.label().equals(label)).findFirst();
    }
}
