package ringside.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/// The order of trials. Each block runs every point once, so that what drifts on the machine meets all of them;
/// there are as many blocks as repeats. An even block is a random permutation, the odd block after it the same
/// one backwards (ABBA), so that a linear drift over the two cancels for every point. All of it follows from
/// the seed.
///
/// Trend and its cancelling: D. R. Cox, "Planning of Experiments" (1958), ch. 14.
final class Schedule {

    /// @param point an index into the points
    record Slot(int block, int point) {}

    private Schedule() {}

    static List<Slot> of(int pointCount, int repeats, long seed) {
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
        List<Integer> order = new ArrayList<>(pointCount);
        for (int point = 0; point < pointCount; point++) {
            order.add(point);
        }
        List<Slot> slots = new ArrayList<>(pointCount * repeats);
        for (int block = 0; block < repeats; block++) {
            if (block % 2 == 0) {
                for (int i = pointCount - 1; i > 0; i--) {
                    Collections.swap(order, i, random.nextInt(i + 1));
                }
            } else {
                Collections.reverse(order);
            }
            for (int point : order) {
                slots.add(new Slot(block, point));
            }
        }
        return List.copyOf(slots);
    }
}
