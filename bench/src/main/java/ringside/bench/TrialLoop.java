package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import ringside.bench.plan.BenchPlan;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Load;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;
import ringside.bench.trial.Point;
import ringside.bench.trial.TrialRunner;
import ringside.engines.ByteSize;

/// Runs the trials of a course one after the other and keeps each. Belongs to the thread of the run.
final class TrialLoop {

    /// How long after the death of a child to wait for word that all of this is being ended: a terminal sends
    /// Ctrl-C to the children as well, and they may be faster.
    private static final Duration WORD_OF_END = Duration.ofMillis(250);

    /// A trial that fails with less room than this failed of it.
    private static final long ROOM_BYTES_LEAST = 4L << 20;

    private final BenchPlan plan;
    private final Path directory;
    private final RunRecord record;
    private final BenchObserver observer;
    private final CountDownLatch stopping;
    private final Duration expectedTrial;
    private final int blockSize;
    private boolean piloted;

    /// How it ended.
    enum End {
        COMPLETE,
        STOPPED,
        /// There is no room for results; what is finished is kept in the record, if not in the file.
        FULL
    }

    /// @param expectedTrial before one was seen
    /// @param blockSize how many points there are
    TrialLoop(
            BenchPlan plan,
            Path directory,
            RunRecord record,
            BenchObserver observer,
            CountDownLatch stopping,
            Duration expectedTrial,
            int blockSize) {
        this.plan = plan;
        this.directory = directory;
        this.record = record;
        this.observer = observer;
        this.stopping = stopping;
        this.expectedTrial = expectedTrial;
        this.blockSize = blockSize;
    }

    End run(TrialRunner runner, Course course) throws InterruptedException {
        TimeLeft left = new TimeLeft(expectedTrial);
        piloted = record.progress(Duration.ZERO).trials().size() >= 2 * blockSize;
        // Trials of before an interruption took what trials take.
        Duration used =
                expectedTrial.multipliedBy(record.progress(Duration.ZERO).count());
        while (!isStopping()) {
            Course.Progress progress = record.progress(used);
            Optional<Course.Turn> next = course.next(progress);
            if (next.isEmpty()) {
                course.ending(progress).ifPresent(this::say);
                return End.COMPLETE;
            }
            Course.Turn turn = next.get();
            int index = progress.count();
            int count = course.count(progress);
            String label = label(turn.point()) + (turn.counted() ? " · ledger" : "");
            observer.trialStarted(index, count, label, left.of(count - index));
            long startNanos = System.nanoTime();
            Launched launched = tryTrial(runner, index, turn);
            if (launched == null) {
                return End.STOPPED;
            }
            Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
            left.trialTook(took);
            used = used.plus(took);
            if (!launched.trial().isValid() && isFull()) {
                return End.FULL;
            }
            if (!keep(launched)) {
                return End.FULL;
            }
            observer.trialFinished(index, count, label, launched.trial(), left.of(count - index - 1));
            pilot(record.progress(used));
        }
        return End.STOPPED;
    }

    /// Once, after the first two blocks: what can be told apart.
    private void pilot(Course.Progress progress) {
        if (!piloted && plan.knee().isEmpty() && progress.trials().size() >= 2 * blockSize) {
            piloted = true;
            Resolution.of(record.run().plan().baseline(), progress.trials(), "the first two blocks")
                    .ifPresent(resolution -> say(resolution.sentence(plan.repeats())));
        }
    }

    private void say(String sentence) {
        record.note(sentence);
        observer.said(sentence);
    }

    private boolean keep(Launched launched) {
        try {
            launched.keep(record);
            return true;
        } catch (IOException e) {
            observer.said("The results can't be written: " + e.getMessage());
            return false;
        }
    }

    private boolean isFull() {
        try {
            return Files.getFileStore(directory).getUsableSpace() < ROOM_BYTES_LEAST;
        } catch (IOException e) {
            return false; // Unknown: the next write tells.
        }
    }

    /// A trial of either kind.
    private sealed interface Launched {
        Trial trial();

        void keep(RunRecord record) throws IOException;

        record Timed(Trial trial) implements Launched {
            @Override
            public void keep(RunRecord record) throws IOException {
                record.add(trial);
            }
        }

        record Counted(LedgerTrial counted) implements Launched {
            @Override
            public Trial trial() {
                return counted.trial();
            }

            @Override
            public void keep(RunRecord record) throws IOException {
                record.add(counted);
            }
        }
    }

    /// @return null when the run is being ended, whatever came of the trial: its children may have been killed
    private @Nullable Launched tryTrial(TrialRunner runner, int index, Course.Turn turn) throws InterruptedException {
        Launched launched;
        try {
            if (turn.counted()) {
                LedgerTrial counted = runner.runCounted(index, turn.block(), turn.point());
                launched = new Launched.Counted(new LedgerTrial(withClockJump(counted.trial()), counted.ledger()));
            } else {
                launched = new Launched.Timed(withClockJump(runner.run(index, turn.block(), turn.point())));
            }
        } catch (IllegalStateException e) {
            if (isStopping()) {
                return null;
            }
            throw e;
        }
        boolean valid = launched.trial().isValid();
        if (!valid && stopping.await(WORD_OF_END.toMillis(), TimeUnit.MILLISECONDS)) {
            return null;
        }
        return isStopping() && !valid ? null : launched;
    }

    private Trial withClockJump(Trial trial) {
        Optional<String> jump = record.clockJump();
        if (jump.isEmpty()) {
            return trial;
        }
        List<String> notes = new ArrayList<>(trial.notes());
        notes.add(jump.get());
        return new Trial(
                trial.index(),
                trial.block(),
                trial.side(),
                trial.workload(),
                trial.startedAt(),
                trial.outcome(),
                notes);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private String label(Point point) {
        Workload workload = point.workload();
        StringBuilder label = new StringBuilder(point.side().label()).append(" · ");
        label.append(plan.root().isPresent() ? String.valueOf(plan.root().get()) : ByteSize.name(workload.fileBytes()));
        if (plan.connections().size() > 1) {
            label.append(" · ").append(workload.connections()).append(" connections");
        }
        if (plan.caches().size() > 1 || workload.cache() == Workload.Cache.COLD) {
            label.append(workload.cache() == Workload.Cache.COLD ? " · cold" : " · hot");
        }
        if (workload.load() instanceof Load.Open(double rate)) {
            label.append(" · %.0f/s".formatted(rate));
        }
        return label.toString();
    }
}
