package ringside.loadtest;

import java.util.SplittableRandom;

/// Hands out a loop's share of the targets once each, in random order (Fisher-Yates shuffle). Belongs to one loop.
final class OnceEach {

    /// There is none left.
    static final int NONE = -1;

    private final int[] order;
    private int next;

    /// @param first index of the first target
    /// @param count of all targets; this share is every `stride`-th of them from `phase` on
    OnceEach(int first, int count, int phase, int stride, SplittableRandom random) {
        order = new int[(count - phase + stride - 1) / stride];
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = first + phase + i * stride;
        }
    }

    /// An index into the targets, or [#NONE].
    int next() {
        return next < order.length ? order[next++] : NONE;
    }
}
