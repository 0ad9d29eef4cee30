package ringside.bench.judge;

import java.util.Comparator;
import java.util.stream.IntStream;

/// S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979):
/// the chance of a false alarm anywhere among the metrics stays at the level, whatever they have to do with each other.
final class Holm {

    private Holm() {}

    /// @param p of each test
    /// @return adjusted, in the same order: what is at most the level is shown at the level
    static double[] adjust(double[] p) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double least = 0;
        for (int rank = 0; rank < order.length; rank++) {
            least = Math.max(least, Math.min(1, (order.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = least;
        }
        return adjusted;
    }
}
