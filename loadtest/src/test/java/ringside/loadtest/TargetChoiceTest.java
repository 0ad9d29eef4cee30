package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
