package ringside.bench.judge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.bench.result.Measured;

/// How often the judge cries wolf over launches that really ran: `aa-launches.csv` has launches of equal servers, by
/// the block in which they ran next to each other. An experiment takes some blocks and two launches of each, in
/// random order, as baseline and candidate: whatever it finds is a false alarm.
class ReplayedAlarmTest {

    private static final int EXPERIMENTS = 1000;

    private static List<List<Map<Metric, Measured>>> blocks() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                ReplayedAlarmTest.class.getResourceAsStream("/aa/aa-launches.csv"), "aa-launches.csv")) {
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            String[] columns = lines.getFirst().split(",", -1);
            Map<String, List<Map<Metric, Measured>>> blocks = new LinkedHashMap<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(",", -1);
                Map<Metric, Measured> values = new HashMap<>();
                for (int i = 1; i < columns.length; i++) {
                    if (!fields[i].isEmpty()) {
                        values.put(Metric.byId(columns[i]).orElseThrow(), Measured.of(Double.parseDouble(fields[i])));
                    }
                }
                blocks.computeIfAbsent(fields[0], _ -> new ArrayList<>()).add(values);
            }
            return List.copyOf(blocks.values());
        }
    }

    @ParameterizedTest
    @CsvSource({"4", "10"})
    void equalServersRarelyDiffer(int pairs) throws IOException {
        List<List<Map<Metric, Measured>>> blocks = blocks();
        assertTrue(blocks.size() >= 2 * pairs, () -> blocks.size() + " blocks are too few to choose from");
        long alarms = IntStream.range(0, EXPERIMENTS)
                .parallel()
                .filter(i -> differs(blocks, pairs, 77_000L + i))
                .count();
        System.out.printf("%d real pairs: %d false alarms in %d replays%n", pairs, alarms, EXPERIMENTS);
        assertTrue(alarms <= EXPERIMENTS * 0.05, () -> alarms + " false alarms in " + EXPERIMENTS);
    }

    private static boolean differs(List<List<Map<Metric, Measured>>> blocks, int pairs, long seed) {
        Random random = new Random(seed);
        List<List<Map<Metric, Measured>>> chosen = new ArrayList<>(blocks);
        Collections.shuffle(chosen, random);
        List<Sample.Launch> baseline = new ArrayList<>();
        List<Sample.Launch> candidate = new ArrayList<>();
        for (int block = 0; block < pairs; block++) {
            List<Map<Metric, Measured>> launches = new ArrayList<>(chosen.get(block));
            Collections.shuffle(launches, random);
            baseline.add(new Sample.Launch(block, launches.get(0)));
            candidate.add(new Sample.Launch(block, launches.get(1)));
        }
        return new Judge(seed)
                        .compare(
                                Launches.WORKLOAD,
                                new Sample("baseline", baseline, Map.of()),
                                new Sample("candidate", candidate, Map.of()),
                                Floors.NONE)
                        .judgements()
                        .stream()
                        .anyMatch(judgement ->
                                judgement.verdict() == Verdict.IMPROVED || judgement.verdict() == Verdict.REGRESSED);
    }
}
