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
/// The block in which the kernel's doings are counted, if there is one, has an order of its own and stands in the
/// middle, so that a linear drift meets it and the others together alike.
///
/// Trend and its cancelling: D. R. Cox, "Planning of Experiments" (1958), ch. 14.
final class Schedule {

    /// @param point an index into the points
    /// @param counted whether the kernel's doings are counted
    record Slot(int block, int point, boolean counted) {}

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
                slots.add(new Slot(block, point, false));
            }
        }
        return List.copyOf(slots);
    }

    /// The same order with a block more, in which each point is counted.
    static List<Slot> withLedger(int pointCount, int repeats, long seed) {
        List<Slot> slots = new ArrayList<>(of(pointCount, repeats, seed));
        List<Slot> counted = new ArrayList<>();
        for (int point = 0; point < pointCount; point++) {
            counted.add(new Slot(repeats, point, true));
        }
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(~seed);
        for (int i = pointCount - 1; i > 0; i--) {
            Collections.swap(counted, i, random.nextInt(i + 1));
        }
        slots.addAll(Math.ceilDiv(repeats, 2) * pointCount, counted);
        return List.copyOf(slots);
    }
}
