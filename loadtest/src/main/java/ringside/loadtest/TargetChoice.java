package ringside.loadtest;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;

/// Draws targets by weight in constant time: Vose's alias method (M. D. Vose, "A linear algorithm for generating random
/// numbers with a given distribution", IEEE TSE 17(9), 1991). Belongs to one loop.
final class TargetChoice {

    private final double[] threshold;
    private final int[] alias;
    private final boolean equal;
    private final SplittableRandom random;

    TargetChoice(List<LoadTarget> targets, SplittableRandom random) {
        int count = targets.size();
        this.threshold = new double[count];
        this.alias = new int[count];
        this.random = random;
        this.equal = targets.stream().mapToDouble(LoadTarget::weight).distinct().count() == 1;
        double sum = targets.stream().mapToDouble(LoadTarget::weight).sum();
        ArrayDeque<Integer> small = new ArrayDeque<>();
        ArrayDeque<Integer> large = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            threshold[i] = targets.get(i).weight() / sum * count;
            (threshold[i] < 1 ? small : large).add(i);
        }
        while (!small.isEmpty() && !large.isEmpty()) {
            int less = small.remove();
            int more = large.remove();
            alias[less] = more;
            threshold[more] -= 1 - threshold[less];
            (threshold[more] < 1 ? small : large).add(more);
        }
        // What is left is 1 but for rounding.
        small.forEach(i -> threshold[i] = 1);
        large.forEach(i -> threshold[i] = 1);
    }

    /// An index into the targets.
    int next() {
        if (alias.length == 1) {
            return 0;
        }
        int i = random.nextInt(alias.length);
        return equal || random.nextDouble() < threshold[i] ? i : alias[i];
    }
}
