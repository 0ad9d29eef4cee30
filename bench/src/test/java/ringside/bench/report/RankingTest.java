package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Load;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Summary.Times;
import ringside.bench.result.Workload;

class RankingTest {
    private static final Workload WORKLOAD = new Workload(1024, false, 64, 64, new Load.Closed(), Workload.Cache.HOT);

    @Test
    void underEightPercentIsATieAndNobodyWins() {
        assertStandings(
                List.of(Standing.TIED, Standing.TIED, Standing.BEHIND),
                point("a", 10, 10, 10),
                point("b", 10.7, 10.7, 10.7),
                point("c", 10.81, 10.81, 10.81));
    }

    @Test
    void overlappingRangesTieHoweverFarTheMediansAre() {
        assertStandings(List.of(Standing.TIED, Standing.TIED), point("a", 9, 10, 13), point("b", 12.9, 14, 15));
    }

    @Test
    void aClearLowestIsBest() {
        assertStandings(List.of(Standing.BEST, Standing.BEHIND), point("a", 9, 10, 11), point("b", 11.1, 12, 13));
        assertStandings(List.of(Standing.ONLY), point("a", 9, 10, 11));
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
        Point unknown =
                new Point(Side.engine("x", "nio"), 1, 0, 0, none(), none(), none(), none(), none(), 0, noTimes());
        assertStandings(List.of(Standing.ONLY, Standing.UNRANKED), unknown, point("a", 10, 10, 10));
        Ranking nothing = Ranking.of(new Group(WORKLOAD, List.of(unknown)));
        assertTrue(Verdict.sentences(nothing).getFirst().contains("nothing is ranked"));
    }

    @Test
    void sentencesNameTiesAndNeverAWinnerAmongThem() {
        Ranking ranking = Ranking.of(new Group(
                WORKLOAD, List.of(point("a", 10, 10, 10), point("b", 10.5, 10.5, 10.5), point("c", 20, 20, 20))));
        assertEquals(
                "At 1 KiB (64 connections, hot): a/nio (10.0 µs) is lowest in CPU per request, but ties with b/nio"
                        + " (1.05×): no winner. c/nio costs 2.00× that.",
                Verdict.sentences(ranking).getFirst());
    }

    @Test
    void aCoreThatTellsAnotherStoryIsMentioned() {
        Point ring = withBusy(point("ring", 10, 10, 10), 14);
        Point plain = withBusy(point("plain", 12, 12, 12), 12.5);
        String said = String.join(" ", Verdict.sentences(Ranking.of(new Group(WORKLOAD, List.of(ring, plain)))));
        assertTrue(
                said.contains("By busy time of the server's core, soft interrupts included, plain/nio is lowest"),
                said);
        String silent = String.join(
                " ", Verdict.sentences(Ranking.of(new Group(WORKLOAD, List.of(withBusy(ring, 11), plain)))));
        assertFalse(silent.contains("busy time"), silent);
    }

    private static List<Ranking.Row> assertStandings(List<Standing> expected, Point... points) {
        List<Ranking.Row> rows =
                Ranking.of(new Group(WORKLOAD, List.of(points))).rows();
        assertEquals(expected, rows.stream().map(Ranking.Row::standing).toList());
        return rows;
    }

    private static Point point(String engine, double min, double median, double max) {
        Spread cpu = new Spread.Over(median, min, max, 3);
        return new Point(Side.engine(engine, "nio"), 3, 0, 0, none(), none(), cpu, none(), none(), 0, noTimes());
    }

    private static Point withBusy(Point p, double busy) {
        Spread spread = new Spread.Over(busy, busy, busy, 3);
        return new Point(p.side(), 3, 0, 0, none(), none(), p.cpuMicros(), spread, none(), 0, noTimes());
    }

    private static Spread none() {
        return new Spread.Unknown("not in this test");
    }

    private static Times noTimes() {
        return new Times(Optional.empty(), List.of(), List.of());
    }
}
