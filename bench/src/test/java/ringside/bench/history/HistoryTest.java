package ringside.bench.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.compare.Altered;
import ringside.bench.compare.KeptRun;
import ringside.bench.judge.Metric;

class HistoryTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aStepIsFoundWhereItIs() {
        assertEquals(List.of(12), indices(series(17, 12, 0, 12, 0.06)));
        assertEquals(List.of(5), indices(series(8, 5, 0, 6, 0.06)));
    }

    @Test
    void twoStepsAreFound() {
        double[] series = series(9, 15, 0, 15, 0.08, 15, 0.02);
        assertEquals(List.of(15, 30), indices(series));
    }

    @Test
    void aSingleOddRunIsNoChange() {
        double[] series = series(10, 20, 0);
        series[11] += 0.3;
        assertEquals(List.of(), indices(series));
    }

    @Test
    void tooFewRunsShowNothing() {
        assertEquals(List.of(), indices(series(11, 3, 0, 3, 0.5)));
        assertEquals(List.of(), indices(new double[0]));
        assertEquals(List.of(), indices(new double[40]));
    }

    @Test
    void chanceAloneIsRarelyAChange() {
        long alarms = IntStream.range(0, 200)
                .parallel()
                .filter(i -> !indices(series(100 + i, 20, 0)).isEmpty())
                .count();
        assertTrue(alarms <= 18, () -> alarms + " of 200 series of noise have a change"); // 10 expected, 2.6 sigma
    }

    @Test
    void aHistoryOfRunsIsDrawn() throws Exception {
        List<KeptRun> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.addFirst(run(i));
        }
        History history = History.of(runs, List.of(Metric.CPU), 1);
        Series blocking = history.series().getFirst();
        assertEquals("blocking/epoll", blocking.side());
        assertEquals(10, blocking.observations().size());
        assertEquals(1, blocking.changes().size());
        assertEquals(6, blocking.changes().getFirst().index());
        assertTrue(blocking.isWorse(blocking.changes().getFirst()));
        String text = HistoryText.render(history, 100);
        assertTrue(text.contains("^ run6 (0123456): "), text);
        assertTrue(text.contains("worse (p = 0.0"), text);
        assertTrue(text.contains("no change is shown"), text);
        String page = HistoryPage.render(history);
        assertEquals(
                2,
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(
                                page.replace("<!DOCTYPE html>", "").getBytes(StandardCharsets.UTF_8)))
                        .getElementsByTagName("svg")
                        .getLength());
        assertTrue(page.contains("class=\"change worse\""), page);
        assertFalse(page.contains("http"), "it needs no network");
    }

    private KeptRun run(int index) throws IOException {
        return Altered.run(directory.resolve("run" + index), index, index < 6 ? 1 : 1.3, "CPU", false);
    }

    private static List<Integer> indices(double[] series) {
        return ChangePoints.of(series, 3).stream()
                .map(ChangePoints.Change::index)
                .toList();
    }

    /// @param lengthsAndLevels how many values at which level, and so on; noise of 1 %
    private static double[] series(long seed, double... lengthsAndLevels) {
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < lengthsAndLevels.length; i += 2) {
            for (int j = 0; j < lengthsAndLevels[i]; j++) {
                double sum = 0;
                for (int k = 0; k < 12; k++) {
                    sum += random.nextDouble();
                }
                values.add(lengthsAndLevels[i + 1] + 0.01 * (sum - 6));
            }
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
