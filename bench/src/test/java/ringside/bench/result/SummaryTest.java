package ringside.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
    private static final Side SIDE = Side.engine("blocking", "epoll");

    @TempDir
    Path directory;

    @Test
    void percentilesComeFromTheMergedHistogramNotFromAnAverage() throws IOException {
        Run run = run(3, List.of(new Load.Closed()));
        Histogram all = new Histogram(3);
        double sumOfP999 = 0;
        for (Trial trial : run.trials()) {
            Histogram launch = HlogFile.read(
                    directory.resolve(trial.measurements().orElseThrow().hlogFile()), HlogFile.SERVICE);
            all.add(launch);
            sumOfP999 += launch.getValueAtPercentile(99.9) / 1000.0;
        }
        Summary.Point point = only(Summary.of(run, directory));
        double p999 = point.times().latency().p999Micros().orElse(-1);
        assertEquals(all.getValueAtPercentile(99.9) / 1000.0, p999);
        assertTrue(Math.abs(sumOfP999 / 3 - p999) > 1e-9, "the sample must tell merging from averaging");
        assertEquals(60_000, point.times().merged().orElseThrow().count());
    }

    @Test
    void anOpenLoopIsJudgedByResponseTime() throws IOException {
        Run run = run(1, List.of(new Load.Open(1000)));
        Trial trial = run.trials().getFirst();
        Histogram response = HlogFile.read(
                directory.resolve(trial.measurements().orElseThrow().hlogFile()), HlogFile.RESPONSE);
        assertEquals(
                Latency.of(response), only(Summary.of(run, directory)).times().latency());
    }

    @Test
    void voidAndFailedTrialsAreCountedAndLeftOut() {
        Run run = run(3, List.of(new Load.Closed()));
        List<Trial> trials = new ArrayList<>(run.trials());
        trials.set(
                0,
                SampleRuns.withOutcome(
                        trials.get(0),
                        new Outcome.Voided("odd", trials.get(0).measurements().orElseThrow())));
        trials.set(1, SampleRuns.withOutcome(trials.get(1), new Outcome.Failed("died")));
        Summary.Point point = only(Summary.of(SampleRuns.copy(run, true, trials), directory));
        assertEquals(List.of(1, 1, 1), List.of(point.valid(), point.voided(), point.failed()));
        Spread.Over rate = assertInstanceOf(Spread.Over.class, point.requestsPerSecond());
        assertEquals(trials.get(2).measurements().orElseThrow().requestsPerSecond(), rate.median());
        assertEquals(1, rate.launches());
    }

    @Test
    void aMissingOrBrokenHistogramIsNamedAndTheRestStands() throws IOException {
        Run run = run(3, List.of(new Load.Closed()));
        Files.delete(directory.resolve("trials/000.hlog"));
        Files.writeString(directory.resolve("trials/001.hlog"), "Tag=service,0.0,5.0,1.0,garbage\n");
        Summary.Times times = only(Summary.of(run, directory)).times();
        assertEquals(2, times.missing().size(), times.missing().toString());
        assertTrue(
                times.missing().getFirst().contains("000.hlog is missing"),
                times.missing().toString());
        assertEquals(1, times.launches().size());
        assertEquals(20_000, times.merged().orElseThrow().count());
    }

    @Test
    void aLogCutAnywhereInItsLastIntervalIsRefused() throws IOException {
        run(1, List.of(new Load.Open(1000)));
        Path hlog = directory.resolve("trials/000.hlog");
        byte[] whole = Files.readAllBytes(hlog);
        String text = Files.readString(hlog);
        int lastLine = text.lastIndexOf('\n', text.length() - 2) + 1;
        for (int length = lastLine + 1; length < whole.length - 4; length += 211) {
            Files.write(hlog, Arrays.copyOf(whole, length));
            IOException e = assertThrows(IOException.class, () -> HlogFile.read(hlog, HlogFile.SERVICE));
            assertTrue(String.valueOf(e.getMessage()).contains("no whole histogram log"), e.getMessage());
        }
    }

    @Test
    void aLogCutAtTheEndOfALineIsRefused() throws IOException {
        Run run = run(1, List.of(new Load.Closed()));
        Path hlog = directory.resolve("trials/000.hlog");
        String text = Files.readString(hlog);
        Histogram half = HlogFile.read(hlog, HlogFile.SERVICE);
        // The same interval twice is a whole log; one of them alone is what a cut leaves.
        Files.writeString(hlog, text + text.substring(text.lastIndexOf('\n', text.length() - 2) + 1));
        assertEquals(
                2 * half.getTotalCount(),
                HlogFile.read(hlog, HlogFile.SERVICE, 40_000).getTotalCount());
        Files.writeString(hlog, text);
        IOException e = assertThrows(IOException.class, () -> HlogFile.read(hlog, HlogFile.SERVICE, 40_000));
        assertTrue(String.valueOf(e.getMessage()).contains("20000 of 40000 values"), e.getMessage());
        assertEquals(1, only(Summary.of(run, directory)).times().launches().size());
    }

    @Test
    void aGeneratorWithoutHistogramsIsNoBrokenLog() throws IOException {
        Run run = run(1, List.of(new Load.Closed()));
        Files.writeString(directory.resolve("trials/000.hlog"), HlogFile.WITHOUT_HISTOGRAM + "wrk gives none\n");
        assertEquals(
                List.of("wrk gives none"),
                only(Summary.of(run, directory)).times().missing());
    }

    @Test
    void spreads() {
        assertEquals(new Spread.Over(2, 1, 9, 3), Spread.of(List.of(Measured.of(9), Measured.of(1), Measured.of(2))));
        assertEquals(new Spread.Over(1.5, 1, 2, 2), Spread.of(List.of(Measured.of(2), Measured.of(1))));
        assertEquals(
                new Spread.Unknown("no access"),
                Spread.of(List.of(Measured.of(2), Measured.unmeasurable("no access"))));
        assertInstanceOf(Spread.Unknown.class, Spread.of(List.of()));
    }

    private Run run(int repeats, List<Load> loads) {
        return SampleRuns.generate(directory, "run", List.of(SIDE), List.of(1024L), repeats, loads, 11);
    }

    private static Summary.Point only(Summary summary) {
        return summary.groups().getFirst().points().getFirst();
    }
}
