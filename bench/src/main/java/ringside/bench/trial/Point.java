package ringside.bench.trial;

import java.util.Optional;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// What a trial runs: who serves, who asks, and for what.
///
/// @param files what is asked for
/// @param warmUpFiles what is asked for before the window; only where that must not be `files`: see [TrialRunner]
public record Point(Contender contender, Asker asker, Workload workload, FileSet files, Optional<FileSet> warmUpFiles) {

    public Point {
        boolean cold = workload.cache() == Workload.Cache.COLD;
        if (cold != warmUpFiles.isPresent()) {
            throw new IllegalArgumentException("a cold workload, and only that, warms up on other files");
        }
        if (asker == Asker.WRK && (cold || files.entries().size() > 1)) {
            throw new IllegalArgumentException("wrk asks for one URL, again and again");
        }
    }

    public Side side() {
        return contender.side(asker);
    }
}
