package ringside.bench.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What was found at one pair: all are counted, and the first few are kept. Any thread.
final class Findings {

    private static final int KEPT_MAX = 8;

    private final List<Finding> kept = new ArrayList<>();
    private final Map<Finding.Kind, Integer> counts = new EnumMap<>(Finding.Kind.class);

    synchronized void add(Finding.Kind kind, String what) {
        counts.merge(kind, 1, Integer::sum);
        if (kept.size() < KEPT_MAX) {
            kept.add(new Finding(kind, what));
        }
    }

    synchronized List<Finding> kept() {
        return List.copyOf(kept);
    }

    synchronized int count(Finding.Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    synchronized int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
