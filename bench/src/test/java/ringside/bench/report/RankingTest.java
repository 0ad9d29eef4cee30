package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Margin;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Summary.Times;
import ringside.bench.result.Workload;

class RankingTest {
    private static final Workload WORKLOAD = new Workload(1024, false, 64, 64, new Load.Closed(), Workload.Cache.HOT);

    @Test
    void whoIsShownToBeTheSameTiesAndNobodyWins() {
        assertStandings(
                List.of(Standing.TIED, Standing.TIED, Standing.BEHIND),
                Map.of("b/nio", Verdict.EQUIVALENT),
                point("a", 10, 10, 10),
                point("b", 10.1, 10.1, 10.1),
                point("c", 12, 12, 12));
    }

    @Test
    void aClearLowestIsBest() {
        assertStandings(List.of(Standing.BEST, Standing.BEHIND), point("a", 9, 10, 11), point("b", 11.1, 12, 13));
        assertStandings(List.of(Standing.ONLY), point("a", 9, 10, 11));
    }

    @Test
    void nobodyIsBestWhereTheJudgeDoesNotKnow() {
        Map<String, Verdict> judged = Map.of("b/nio", Verdict.INCONCLUSIVE);
        Point[] points = {point("a", 9, 10, 11), point("b", 11.1, 12, 13), point("c", 19, 20, 21)};
        assertStandings(List.of(Standing.LOWEST, Standing.ABOVE, Standing.BEHIND), judged, points);
        assertEquals(
                "At 1 KiB (64 connections, hot): a/nio is lowest in CPU per request (10.0 µs), and not shown to be best."
                        + " It isn't shown to be lower than b/nio (1.20×), at a level that 2 rivals share. Shown to cost"
                        + " more: c/nio (2.00×).",
                RankingText.sentences(ranking(WORKLOAD, judged, points)).getFirst());
        // The lowest median isn't the lowest of pairs: that shows nobody to be lower.
        assertStandings(
                List.of(Standing.LOWEST, Standing.ABOVE),
                Map.of("b/nio", Verdict.REGRESSED),
                point("a", 10, 10, 10),
                point("b", 10.1, 10.1, 10.1));
    }

    @Test
    void theLevelIsSharedOutAmongAllThatAreRanked() {
        List<Integer> rivals = new ArrayList<>();
        Ranking.of(
                new Group(
                        WORKLOAD,
                        List.of(
                                point("memory", 5, 5, 5),
                                point("a", 10, 10, 10),
                                point("b", 11, 11, 11),
                                point("c", 12, 12, 12))),
                (lowest, other, count) -> {
                    assertEquals("a/nio", lowest.label());
                    rivals.add(count);
                    return judgement(Verdict.IMPROVED);
                });
        assertEquals(List.of(2, 2), rivals);
    }

    @Test
    void bestMustBeLowestOfTheCoreToo() {
        Point ring = withBusy(point("ring", 10, 10, 10), 14);
        Point plain = withBusy(point("plain", 12, 12, 12), 12.5);
        assertStandings(List.of(Standing.LOWEST, Standing.BEHIND), ring, plain);
        assertStandings(List.of(Standing.BEST, Standing.BEHIND), withBusy(ring, 11), plain);
    }

    @Test
    void readersOfTheDeviceAreNotRankedAgainstReadersOfMemory() {
        List<Ranking.Row> rows = assertStandings(
                List.of(Standing.DEVICE, Standing.ONLY), point("direct", 5, 5, 5), point("a", 10, 10, 10));
        assertEquals("direct/nio (device)", rows.getFirst().label());
        Workload cold = new Workload(1024, false, 64, 64, new Load.Closed(), Workload.Cache.COLD);
        assertEquals(
                Standing.BEST,
                ranking(cold, Map.of(), point("direct", 5, 5, 5), point("a", 10, 10, 10))
                        .rows()
                        .getFirst()
                        .standing());
        Ranking nothing = ranking(point("memory", 4, 4, 4));
        assertTrue(
                RankingText.sentences(nothing).getFirst().contains("only memory/nio (4.00 µs, reads no file)"),
                RankingText.sentences(nothing)::toString);
    }

    @Test
    void differentRatesAreDifferentLoads() {
        String said = said(withRate(point("a", 10, 10, 10), 100, 0), withRate(point("b", 12, 12, 12), 130, 0));
        assertTrue(said.contains("different loads (the rates differ by up to 1.30×): compare with --rate"), said);
        said = said(withRate(point("a", 10, 10, 10), 100, 0), withRate(point("b", 12, 12, 12), 110, 2));
        assertTrue(said.contains("launches of b/nio were partly at the generator's limit"), said);
        said = said(withRate(point("a", 10, 10, 10), 100, 4), withRate(point("b", 12, 12, 12), 110, 4));
        assertFalse(said.contains("different loads"), said);
    }

    @Test
    void aServerAskedByTwoGeneratorsIsNotTwoServers() {
        Point ours = withGenerator(point("a", 10, 10, 10), "builtin", 4.5);
        Point theirs = withGenerator(point("a", 12, 12, 12), "wrk", 5);
        assertStandings(List.of(Standing.ONLY, Standing.ONLY), ours, theirs);
        String said = said(ours, theirs);
        assertTrue(
                said.contains("At 1 KiB: the built-in generator costs 4.50 µs per request, 0.90× wrk's, asking a/nio at"
                        + " 1.00× the rate."),
                said);
    }

    @Test
    void thePeersAreHeldAgainstTheLowestEngineThatReads() {
        Point nginx = new Point(
                Side.peer("nginx"),
                4,
                0,
                0,
                none(),
                none(),
                new Spread.Over(20, 20, 20, 4),
                none(),
                none(),
                none(),
                0,
                noTimes());
        List<PeerComparison> lines =
                PeerComparison.of(ranking(nginx, point("memory", 5, 5, 5), withBusy(point("a", 10, 10, 10), 11)));
        assertEquals(
                List.of(new PeerComparison("CPU", "a/nio", 10, 4, List.of(new PeerComparison.Against("nginx", 0.5)))),
                lines);
        assertEquals(
                "by CPU: a/nio takes 10.0 µs, 0.50× nginx (4 launches a side).",
                lines.getFirst().sentence());
    }

    @Test
    void memoryIsNeverRankedThoughItIsCheapest() {
        List<Ranking.Row> rows = assertStandings(
                List.of(Standing.CEILING, Standing.BEST, Standing.BEHIND),
                point("memory", 5, 5, 5),
                point("a", 10, 10, 10),
                point("b", 12, 12, 12));
        assertEquals(0.5, rows.getFirst().ratio().orElseThrow());
    }

    @Test
    void unknownCostsComeLastUnranked() {
        Point unknown = new Point(
                Side.engine("x", "nio"), 1, 0, 0, none(), none(), none(), none(), none(), none(), 0, noTimes());
        assertStandings(List.of(Standing.ONLY, Standing.UNRANKED), unknown, point("a", 10, 10, 10));
        Ranking nothing = ranking(unknown);
        assertTrue(RankingText.sentences(nothing).getFirst().contains("nothing is ranked"));
    }

    @Test
    void sentencesNameTiesAndNeverAWinnerAmongThem() {
        Ranking ranking = ranking(
                WORKLOAD,
                Map.of("b/nio", Verdict.EQUIVALENT),
                point("a", 10, 10, 10),
                point("b", 10.1, 10.1, 10.1),
                point("c", 20, 20, 20));
        assertEquals(
                "At 1 KiB (64 connections, hot): a/nio is lowest in CPU per request (10.0 µs), and no winner. Shown to be"
                        + " the same: b/nio (1.01×). Shown to cost more: c/nio (2.00×).",
                RankingText.sentences(ranking).getFirst());
    }

    @Test
    void aCoreThatTellsAnotherStoryIsMentioned() {
        Point ring = withBusy(point("ring", 10, 10, 10), 14);
        Point plain = withBusy(point("plain", 12, 12, 12), 12.5);
        String said = String.join(" ", RankingText.sentences(ranking(ring, plain)));
        assertTrue(
                said.contains("By busy time of the server's core, soft interrupts included, plain/nio is lowest"),
                said);
        String silent = String.join(" ", RankingText.sentences(ranking(withBusy(ring, 11), plain)));
        assertFalse(silent.contains("By busy time"), silent);
    }

    private static List<Ranking.Row> assertStandings(List<Standing> expected, Point... points) {
        return assertStandings(expected, Map.of(), points);
    }

    private static List<Ranking.Row> assertStandings(
            List<Standing> expected, Map<String, Verdict> judged, Point... points) {
        List<Ranking.Row> rows = ranking(WORKLOAD, judged, points).rows();
        assertEquals(expected, rows.stream().map(Ranking.Row::standing).toList());
        return rows;
    }

    private static Ranking ranking(Point... points) {
        return ranking(WORKLOAD, Map.of(), points);
    }

    /// @param judged what is said of the lowest against a side; of the others that it is lower
    private static Ranking ranking(Workload workload, Map<String, Verdict> judged, Point... points) {
        return Ranking.of(
                new Group(workload, List.of(points)),
                (_, other, _) -> judgement(judged.getOrDefault(other.label(), Verdict.IMPROVED)));
    }

    private static Judgement judgement(Verdict verdict) {
        return new Judgement(
                Metric.CPU,
                verdict,
                "in this test",
                Measured.of(1),
                Measured.of(1),
                new Margin(0.02, Measured.unmeasurable("no A/A arm ran")),
                new Judgement.Basis.Tolerance(4, 4));
    }

    private static Point point(String engine, double min, double median, double max) {
        return point(engine, min, median, max, 4);
    }

    private static Point point(String engine, double min, double median, double max, int launches) {
        Spread cpu = new Spread.Over(median, min, max, launches);
        return new Point(
                Side.engine(engine, "nio"), launches, 0, 0, none(), none(), cpu, none(), none(), none(), 0, noTimes());
    }

    private static Point withBusy(Point p, double busy) {
        Spread spread = new Spread.Over(busy, busy, busy, p.valid());
        return new Point(
                p.side(), p.valid(), 0, 0, none(), none(), p.cpuMicros(), spread, none(), none(), 0, noTimes());
    }

    private static String said(Point... points) {
        return String.join(" ", RankingText.sentences(ranking(points)));
    }

    private static Point withRate(Point p, double perSecond, int limited) {
        Spread rate = new Spread.Over(perSecond, perSecond, perSecond, p.valid());
        return new Point(
                p.side(), p.valid(), 0, 0, none(), none(), p.cpuMicros(), none(), rate, none(), limited, noTimes());
    }

    private static Point withGenerator(Point p, String generator, double micros) {
        Side side = new Side(
                p.side().label() + " by " + generator,
                Side.Kind.ENGINE,
                p.side().engine(),
                Map.of(),
                p.side().transport(),
                generator);
        side = generator.equals("builtin") ? p.side() : side;
        Spread cost = new Spread.Over(micros, micros, micros, p.valid());
        Spread rate = new Spread.Over(100, 100, 100, p.valid());
        return new Point(side, p.valid(), 0, 0, none(), none(), p.cpuMicros(), none(), rate, cost, 0, noTimes());
    }

    private static Spread none() {
        return new Spread.Unknown("not in this test");
    }

    private static Times noTimes() {
        return new Times(Optional.empty(), List.of(), List.of());
    }
}
