package ringside.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Until;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Trial;
import ringside.bench.trial.Point;

/// Blocks in which every point runs once: as many as the plan repeats, then two at a time, an order and its mirror
/// image, until the plan's end is reached.
///
/// A run that ends when it is *resolved* looks at widths alone, never at which side is ahead: it ends when every
/// interval of a side against the baseline reaches at most as far as wanted, or when the budget doesn't allow two more
/// blocks. So the chance of a false alarm isn't raised by looking often (docs/decisions/0013).
///
/// A trial that is void since the machine was disturbed is repeated at once, in its block, next to those that it is
/// compared with: as many trials as the plan has blocks, all in all, so that a machine that is never quiet doesn't keep
/// a run from its end.
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

    /// How far a run is.
    ///
    /// @param slot of the schedule that comes next
    /// @param repeated trials that were repeats, or are going to be one
    private record Place(int slot, int repeated) {}

    private Place place(Progress progress) {
        List<Trial> finished = Stream.concat(
                        progress.trials().stream(), progress.counted().stream().map(LedgerTrial::trial))
                .sorted(Comparator.comparingInt(Trial::index))
                .toList();
        int repeated = 0;
        for (Trial trial : finished) {
            if (trial.isDisturbed() && repeated < plan.repeats()) {
                repeated++;
            }
        }
        return new Place(finished.size() - repeated, repeated);
    }

    @Override
    public Optional<Turn> next(Progress progress) {
        int index = place(progress).slot;
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
        Place place = place(progress);
        int pair = BLOCKS_MORE * points.size();
        int more = Math.max(0, place.slot - first.size());
        return place.repeated + first.size() + Math.ceilDiv(more, pair) * pair;
    }

    @Override
    public Optional<String> ending(Progress progress) {
        Place place = place(progress);
        List<String> sentences = new ArrayList<>();
        if (place.repeated > 0) {
            sentences.add("%d trials were disturbed and repeated at once; at most %d are."
                    .formatted(place.repeated, plan.repeats()));
        }
        if (plan.until() != Until.REPEATS && place.slot >= first.size()) {
            whyEnd(progress).ifPresent(sentences::add);
        }
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
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
