package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntervalTalliesTest {

    private static final long MILLI = 1_000_000;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void anIntervalIsShortWhereTheWindowIs() {
        assertEquals(100 * MILLI, IntervalTallies.intervalNanos(500 * MILLI));
        assertEquals(100 * MILLI, IntervalTallies.intervalNanos(4000 * MILLI));
        assertEquals(250 * MILLI, IntervalTallies.intervalNanos(4001 * MILLI));
        assertEquals(250 * MILLI, IntervalTallies.intervalNanos(10_000 * MILLI));
        assertEquals(1000 * MILLI, IntervalTallies.intervalNanos(3_600_000 * MILLI));
    }

    @Test
    void nothingIsLostOrCountedTwiceBeyondWhatIsKept() {
        IntervalTallies intervals = new IntervalTallies(plan(Duration.ofMinutes(2)));
        intervals.beginWindow(null);
        for (int i = 1; i <= 3 * IntervalTallies.KEPT_MOST; i++) {
            intervals.add(i * MILLI, List.of(tally(intervals, i)));
        }
        int last = 3 * IntervalTallies.KEPT_MOST;
        assertEquals(last + last - 1, intervals.completedSince((last - 2) * MILLI));
        assertEquals(last, intervals.percentileMicrosSince((last - 1) * MILLI, 50), last * 0.001);
        assertEquals((long) last * (last + 1) / 2, intervals.settleAll().completed);
        assertEquals(last, intervals.settleAll().service.getTotalCount());
        // Settled tallies serve again, clean.
        Tally spare = intervals.spare();
        assertEquals(0, spare.completed + spare.service.getTotalCount());
    }

    @Test
    void nothingOfTheWarmUpComesIntoTheWindow() {
        IntervalTallies intervals = new IntervalTallies(plan(Duration.ofSeconds(1)));
        int last = 3 * IntervalTallies.KEPT_MOST;
        for (int i = 1; i <= last; i++) {
            Tally tally = tally(intervals, i);
            tally.timeout = 1;
            intervals.add(i * MILLI, List.of(tally));
        }
        assertEquals(last + last - 1, intervals.completedSince((last - 2) * MILLI));
        assertEquals(last, intervals.errors());
        intervals.beginWindow(null);
        assertEquals(0, intervals.errors());
        // More than were made beforehand, and so also those that the warm-up left full.
        for (int i = 1; i <= last; i++) {
            intervals.add((last + i) * MILLI, List.of(tally(intervals, 1)));
        }
        assertEquals(last, intervals.settleAll().completed);
        assertEquals(last, intervals.settleAll().service.getTotalCount());
    }

    @Test
    void theLogTellsWhereEachIntervalBeganAndHowLongItWas() throws Exception {
        Path file = directory.resolve("run.hlog");
        LoadPlan plan = plan(Duration.ofMillis(300));
        IntervalTallies intervals = new IntervalTallies(plan);
        long beginNanos = System.nanoTime();
        try (IntervalLog log = new IntervalLog(file, plan)) {
            intervals.beginWindow(log);
            log.begin(beginNanos);
            for (int i = 1; i <= 3; i++) {
                intervals.add(beginNanos + 100 * MILLI * i, List.of(tally(intervals, i)));
            }
            intervals.settleAll();
        }
        List<Histogram> read = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                read.add((Histogram) next);
            }
            assertEquals(read.getFirst().getStartTimeStamp() / 1e3, reader.getStartTimeSec(), 0.002);
        }
        assertEquals(3, read.size());
        for (int i = 0; i < 3; i++) {
            assertEquals("service", read.get(i).getTag());
            assertEquals(i + 1, read.get(i).getMaxValue() / 1e3, 0.01);
            // Rounded to milliseconds at both ends.
            assertEquals(
                    100, (double) (read.get(i).getEndTimeStamp() - read.get(i).getStartTimeStamp()), 1);
            if (i > 0) {
                assertEquals(
                        (double) read.get(i - 1).getEndTimeStamp(),
                        (double) read.get(i).getStartTimeStamp(),
                        1);
            }
        }
    }

    @Test
    void theLongestPauseOfTheWindowIsTold() {
        CollectionPauses pauses = CollectionPauses.listen();
        pauses.remember(999, 80);
        pauses.remember(1000, 7);
        pauses.remember(1500, 12);
        pauses.remember(2001, 90);
        assertEquals(12, pauses.longestMillis(1000, 2000));
        assertEquals(0, pauses.longestMillis(1600, 2000));
        assertTrue(CollectionPauses.uptimeMillis() > 0);
    }

    private static Tally tally(IntervalTallies intervals, int number) {
        Tally tally = intervals.spare();
        assertSame(0L, tally.completed);
        tally.completed = number;
        tally.service.recordValue(1000L * number);
        return tally;
    }

    private static LoadPlan plan(Duration duration) {
        return LoadPlan.builder(List.of(LoadTarget.parse("http://localhost:1/a")))
                .durations(Duration.ZERO, duration)
                .histogramLog(Optional.empty())
                .build();
    }
}
