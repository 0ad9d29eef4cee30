package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TargetChoiceTest {

    @Test
    void drawsByWeight() {
        double[] weights = {5, 0.5, 3, 1e-6, 1.5, 90};
        List<LoadTarget> targets = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            targets.add(LoadTarget.parse("http://localhost/" + i, weights[i]));
        }
        long seed = 7;
        TargetChoice choice = new TargetChoice(targets, new SplittableRandom(seed));
        int draws = 1_000_000;
        int[] counts = new int[weights.length];
        for (int i = 0; i < draws; i++) {
            counts[choice.next()]++;
        }
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / 100.000001;
            // Five standard deviations of a binomial.
            double tolerance = 5 * Math.sqrt(share * (1 - share) / draws) + 1e-5;
            assertEquals(share, (double) counts[i] / draws, tolerance, "seed " + seed + " target " + i);
        }
    }

    @Test
    void equalWeightsAreDrawnEvenly() {
        List<LoadTarget> targets = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            targets.add(LoadTarget.parse("http://localhost/" + i, 0.3));
        }
        long seed = 8;
        TargetChoice choice = new TargetChoice(targets, new SplittableRandom(seed));
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[choice.next()]++;
        }
        for (int count : counts) {
            assertEquals(10_000, count, 500, "seed " + seed);
        }
    }

    @Test
    void eachIsHandedOutOnceByOneLoop() {
        long seed = 9;
        int[] seen = new int[23];
        boolean shuffled = false;
        for (int loop = 0; loop < 4; loop++) {
            OnceEach once = new OnceEach(3, 20, loop, 4, new SplittableRandom(seed + loop));
            int before = -1;
            for (int next = once.next(); next != OnceEach.NONE; next = once.next()) {
                seen[next]++;
                shuffled |= next < before;
                before = next;
            }
            assertEquals(OnceEach.NONE, once.next());
        }
        for (int i = 0; i < seen.length; i++) {
            assertEquals(i < 3 ? 0 : 1, seen[i], "target " + i + ", seed " + seed);
        }
        assertTrue(shuffled, "seed " + seed);
    }
}
