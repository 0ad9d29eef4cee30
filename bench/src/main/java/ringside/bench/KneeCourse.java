package ringside.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Objective;
import ringside.bench.result.Load;
import ringside.bench.result.Trial;
import ringside.bench.sweep.Knee;
import ringside.bench.sweep.KneeSearch;
import ringside.bench.trial.Point;

/// Searches for the knee of every point side by side: in each block every search that isn't over makes one step, in an
/// order of the block's own, so that what drifts on the machine meets all of them.
final class KneeCourse implements Course {

    private final BenchPlan plan;
    private final Objective objective;
    private final List<Point> points;

    /// @param points with closed loads
    KneeCourse(BenchPlan plan, Objective objective, List<Point> points) {
        this.plan = plan;
        this.objective = objective;
        this.points = List.copyOf(points);
    }

    @Override
    public Optional<Turn> next(Progress progress) {
        int block =
                progress.trials().isEmpty() ? 0 : progress.trials().getLast().block();
        Optional<Turn> inBlock = next(progress.trials(), block);
        return inBlock.isPresent() ? inBlock : next(progress.trials(), block + 1);
    }

    private Optional<Turn> next(List<Trial> trials, int block) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            order.add(i);
        }
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(plan.seed() + block);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        for (int index : order) {
            Point point = points.get(index);
            KneeSearch search = search(trials, point);
            boolean hadItsTurn = search.trials().stream().anyMatch(trial -> trial.block() == block);
            if (!hadItsTurn) {
                switch (search.next()) {
                    case KneeSearch.Step.Capacity _ -> {
                        return Optional.of(new Turn(block, point, false));
                    }
                    case KneeSearch.Step.Rate(double rate) -> {
                        return Optional.of(new Turn(block, paced(point, rate), false));
                    }
                    case KneeSearch.Step.Done _ -> {}
                }
            }
        }
        return Optional.empty();
    }

    private KneeSearch search(List<Trial> trials, Point point) {
        return KneeSearch.of(
                objective,
                plan.resolve(),
                trials.stream().filter(trial -> isOf(trial, point)).toList());
    }

    private static boolean isOf(Trial trial, Point point) {
        return trial.side().equals(point.side())
                && Knee.unpaced(trial.workload()).equals(point.workload());
    }

    private static Point paced(Point point, double rate) {
        return new Point(
                point.contender(),
                point.asker(),
                Knee.paced(point.workload(), new Load.Open(rate)),
                point.files(),
                point.warmUpFiles());
    }

    @Override
    public int count(Progress progress) {
        int left = 0;
        for (Point point : points) {
            left += search(progress.trials(), point).trialsLeft();
        }
        return progress.count() + left;
    }

    @Override
    public Optional<String> ending(Progress progress) {
        return Optional.empty();
    }
}
