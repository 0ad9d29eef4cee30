package ringside.content.webroot;

import java.util.ArrayList;
import java.util.List;

/// What a check has found so far: all of it counted, the first of it kept. One thread.
final class Findings {

    private static final int KEPT_MAX = 100;

    private final List<WebrootCheck.Finding> kept = new ArrayList<>();
    private long count;

    void add(Damage damage, String detail) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(new WebrootCheck.Finding(damage, detail));
        }
    }

    void add(WebrootException e) {
        add(e.damage(), String.valueOf(e.getMessage()));
    }

    /// Adds a contradiction unless `holds`.
    boolean require(boolean holds, String otherwise, long number) {
        if (!holds) {
            add(Damage.STRUCTURE, otherwise + " (" + number + ")");
        }
        return holds;
    }

    List<WebrootCheck.Finding> kept() {
        return List.copyOf(kept);
    }

    long count() {
        return count;
    }
}
