package ringside.bench.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Workload;

/// Launches of known distributions. The logarithm of a launch's value is drawn; true ratios are known exactly.
final class Launches {

    static final Workload WORKLOAD = new Workload(1024, false, 64, 64, new Load.Closed(), Workload.Cache.HOT);

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final TDistribution HEAVY = TDistribution.of(3);

    private Launches() {}

    /// The distribution of a launch's value around 1.
    enum Shape {
        /// Standard deviation of 3 %.
        LOG_NORMAL {
            @Override
            double log(UniformRandomProvider random) {
                return 0.03 * normal(random);
            }
        },
        /// Three launches of ten are 8 % dearer: two ways in which a JVM can compile the same code.
        BIMODAL {
            @Override
            double log(UniformRandomProvider random) {
                return 0.01 * normal(random) + (random.nextDouble() < 0.3 ? 0.08 : 0);
            }
        },
        /// Student's t with 3 degrees of freedom: one launch of a hundred is more than 4.5 times the usual spread away.
        HEAVY_TAILED {
            @Override
            double log(UniformRandomProvider random) {
                return 0.02 * HEAVY.inverseCumulativeProbability(inside(random));
            }
        };

        abstract double log(UniformRandomProvider random);
    }

    static double normal(UniformRandomProvider random) {
        return NORMAL.inverseCumulativeProbability(inside(random));
    }

    private static double inside(UniformRandomProvider random) {
        return Math.clamp(random.nextDouble(), 1e-12, 1 - 1e-12);
    }

    /// Log-ratios of pairs in which the candidate is `log` dearer.
    static double[] differences(Shape shape, int pairs, double log, UniformRandomProvider random) {
        double[] differences = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            differences[i] = log + shape.log(random) - shape.log(random);
        }
        return differences;
    }

    static double[] logs(Shape shape, int launches, double log, UniformRandomProvider random) {
        double[] logs = new double[launches];
        for (int i = 0; i < launches; i++) {
            logs[i] = log + shape.log(random);
        }
        return logs;
    }

    /// A side with one metric, a launch per block.
    static Sample sample(String label, Metric metric, double... values) {
        List<Sample.Launch> launches = new ArrayList<>();
        for (int block = 0; block < values.length; block++) {
            launches.add(new Sample.Launch(block, Map.of(metric, Measured.of(values[block]))));
        }
        return new Sample(label, launches, Map.of());
    }
}
