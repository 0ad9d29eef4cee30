package ringside.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Until;
import ringside.bench.trial.Point;

/// Blocks in which every point runs once: as many as the plan repeats, then two at a time, an order and its mirror
/// image, until the plan's end is reached.
///
/// A run that ends when it is *resolved* looks at widths alone, never at which side is ahead: it ends when every
/// interval of a side against the baseline reaches at most as far as wanted, or when the budget doesn't allow two more
/// blocks. So the chance of a false alarm isn't raised by looking often (docs/decisions/0013).
final class BlockCourse implements Course {

    private static final int BLOCKS_MORE = 2;

    private final BenchPlan plan;
    private final String baseline;
    private final List<Point> points;
    private final List<Schedule.Slot> first;

    /// @param baseline label of the side that the others are held against
    BlockCourse(BenchPlan plan, String baseline, List<Point> points) {
        this.plan = plan;
        this.baseline = baseline;
        this.points = List.copyOf(points);
        this.first = plan.ledger()
                ? Schedule.withLedger(points.size(), plan.repeats(), plan.seed())
                : Schedule.of(points.size(), plan.repeats(), plan.seed());
    }

    @Override
    public Optional<Turn> next(Progress progress) {
        int index = progress.count();
        if (index < first.size()) {
            return Optional.of(turn(first.get(index)));
        }
        int more = index - first.size();
        boolean between = more % (BLOCKS_MORE * points.size()) == 0;
        if (plan.until() == Until.REPEATS || (between && whyEnd(progress).isPresent())) {
            return Optional.empty();
        }
        int block = plan.repeats() + more / points.size();
        List<Schedule.Slot> all = Schedule.of(points.size(), block + 1, plan.seed());
        return Optional.of(turn(all.get(plan.repeats() * points.size() + more)));
    }

    private Turn turn(Schedule.Slot slot) {
        return new Turn(slot.block(), points.get(slot.point()), slot.counted());
    }

    @Override
    public int count(Progress progress) {
        int pair = BLOCKS_MORE * points.size();
        int more = Math.max(0, progress.count() - first.size());
        return first.size() + Math.ceilDiv(more, pair) * pair;
    }

    @Override
    public Optional<String> ending(Progress progress) {
        return plan.until() == Until.REPEATS || progress.count() < first.size() ? Optional.empty() : whyEnd(progress);
    }

    private Optional<String> whyEnd(Progress progress) {
        Widths widths = Widths.of(baseline, progress.trials());
        boolean resolving = plan.until() == Until.RESOLVED;
        if (resolving && widths.isWithin(plan.resolve())) {
            return Optional.of(
                    "The run ended since every interval against %s reaches at most %.1f %% from its estimate (%s)."
                            .formatted(baseline, plan.resolve() * 100, widths.sentence()));
        }
        Duration mean = progress.used().dividedBy(Math.max(1, progress.count()));
        Duration needed = mean.multipliedBy((long) BLOCKS_MORE * points.size());
        if (progress.used().plus(needed).compareTo(plan.budget()) > 0) {
            return Optional.of("The run ended since its budget of %s allows no two blocks more%s."
                    .formatted(
                            TerminalObserver.span(plan.budget()),
                            resolving ? "; not resolved: " + widths.sentence() : ""));
        }
        return Optional.empty();
    }
}
