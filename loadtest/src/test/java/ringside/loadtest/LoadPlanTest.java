package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import ringside.engines.Transport;

class LoadPlanTest {

    private static final OptionalDouble NO_WAIT = OptionalDouble.empty();

    @Test
    void badUrlsSayWhatIsWrong() {
        assertRefused("https://localhost/", "https");
        assertRefused("ftp://localhost/", "http://");
        assertRefused("localhost:8080/a", "http://");
        assertRefused("/just/a/path", "no scheme");
        assertRefused("http:///path", "host");
        assertRefused("http://localhost:0/", "Ports are 1 to 65535");
        assertRefused("http://localhost:70000/", "Ports are 1 to 65535");
        assertRefused("http://localhost/a b", "isn't a URL");
        assertRefused("http://me@localhost/", "user");
        assertRefused("http://localhost/#part", "fragment");
    }

    private static void assertRefused(String url, String part) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> LoadTarget.parse(url), url)
                .getMessage());
        assertTrue(message.contains(part), message);
    }

    @Test
    void targetsSayWhatIsSent() {
        LoadTarget target = LoadTarget.parse("http://[::1]:8080/a%20b?c=d", 2);
        assertEquals("::1", target.host());
        assertEquals(8080, target.port());
        assertEquals("/a%20b?c=d", target.path());
        assertEquals("[::1]:8080", target.authority());
        assertEquals("/", LoadTarget.parse("http://localhost").path());
        assertEquals(80, LoadTarget.parse("http://localhost").port());
    }

    @Test
    void badPlansAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LoadPlan.builder(List.of()).build());
        assertBad("connections", plan -> plan.concurrency(0, 1));
        assertBad("per thread", plan -> plan.concurrency(1, 2));
        assertBad("duration", plan -> plan.durations(Duration.ZERO, Duration.ZERO));
        assertBad("tail", plan -> plan.tail(Duration.ofMillis(-1)));
        assertBad("timeout", plan -> plan.timeout(Duration.ZERO));
        assertBad("bodies that are checked", plan -> plan.bodySampleEvery(0));
        assertBad("a CPU", plan -> plan.cpus(List.of(-1)));
        assertBad("/b", plan -> plan.expectedBodies(Map.of("/b", new ExpectedBody(1, 1))));
        assertBad("checksum", plan -> plan.warmUpTargets(List.of(LoadTarget.parse("http://localhost:1/b"))));
        assertBad("different servers", plan -> plan.warmUpTargets(List.of(LoadTarget.parse("http://localhost:2/b"))));
        assertThrows(IllegalArgumentException.class, () -> new LoadMode.Open(Double.NaN, LoadMode.Arrivals.CONSTANT));
        assertThrows(
                IllegalArgumentException.class,
                () -> LoadPlan.builder(List.of(
                                LoadTarget.parse("http://localhost:1/"), LoadTarget.parse("http://localhost:2/")))
                        .build());
    }

    private static void assertBad(String part, UnaryOperator<LoadPlan.Builder> change) {
        LoadPlan.Builder plan = change.apply(LoadPlan.builder(List.of(LoadTarget.parse("http://localhost:1/a"))));
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, plan::build).getMessage());
        assertTrue(message.contains(part), message);
    }

    @Test
    void plansCanBeChanged() {
        LoadPlan plan = LoadPlan.builder(List.of(LoadTarget.parse("http://localhost:1/a")))
                .concurrency(7, 3)
                .mode(new LoadMode.Open(5, LoadMode.Arrivals.POISSON))
                .durations(Duration.ofMillis(1), Duration.ofMillis(2))
                .warmUpClosed(Duration.ofMillis(1))
                .tail(Duration.ofMillis(3))
                .transport(Transport.NIO)
                .bodySampleEvery(4)
                .timeout(Duration.ofMillis(5))
                .seed(6)
                .expectedBodies(Map.of("/a", new ExpectedBody(7, 8)))
                .histogramLog(Optional.of(Path.of("a.hlog")))
                .cpus(List.of(1))
                .build();
        assertEquals(plan, plan.toBuilder().build());
        assertEquals(9, plan.toBuilder().seed(9).build().seed());
    }

    @Test
    void reportsSurviveJson() throws IOException {
        LoadPlan plan = LoadPlan.builder(List.of(LoadTarget.parse("http://localhost:1/a", 1.5)))
                .mode(new LoadMode.Open(123.5, LoadMode.Arrivals.POISSON))
                .transport(Transport.IO_URING)
                .expectedBodies(Map.of("/a", new ExpectedBody(7, 0xFFFF_FFFFL)))
                .histogramLog(Optional.of(Path.of("some", "where.hlog")))
                .tail(Duration.ofMillis(300))
                .cpus(List.of(0, 1))
                .build();
        Histogram nanos = new Histogram(3);
        for (int i = 1; i <= 150; i++) {
            nanos.recordValue(i * 1000L);
        }
        LatencySummary times = LatencySummary.ofNanos(nanos);
        LoadReport report = new LoadReport(
                plan,
                false,
                1.25,
                10,
                70,
                9,
                7.2,
                OptionalDouble.of(8.5),
                0.000056,
                times,
                Optional.of(times),
                Optional.empty(),
                new LoadErrors(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                3,
                4,
                5,
                new GeneratorCost(OptionalDouble.of(1), OptionalDouble.of(2), 0.5, OptionalDouble.empty(), 3, 20, 11),
                new LoadLimit(LoadLimit.Kind.NONE, "It had time to spare."));
        LoadReport back = LoadReport.fromJson(report.toJson());
        assertEquals(report, back);
        assertEquals(78, back.errors().total());
        LoadReport closed = LoadReport.fromJson(report.toJson().replace("\"some/where.hlog\"", "null"));
        assertTrue(closed.plan().histogramLog().isEmpty());
        assertThrows(IOException.class, () -> LoadReport.fromJson("{}"));
    }

    @Test
    void theLimitFollowsItsRules() {
        GeneratorCost busy = cost(0.7, OptionalDouble.of(0.3));
        GeneratorCost idle = cost(0.3, OptionalDouble.empty());
        assertLimit(LoadLimit.Kind.GENERATOR_SATURATED, OptionalDouble.empty(), 50, 1, busy);
        assertLimit(LoadLimit.Kind.NONE, OptionalDouble.empty(), 50, 1, idle);
        OptionalDouble kept = OptionalDouble.of(1);
        OptionalDouble missed = OptionalDouble.of(0.98);
        String blamed = assertLimit(LoadLimit.Kind.RATE_NOT_REACHED, missed, 50, 1, busy);
        assertTrue(blamed.startsWith("Rate not sustained: 98.0 %"), blamed);
        String overloaded = assertLimit(LoadLimit.Kind.RATE_NOT_SUSTAINED, missed, 50, 1, idle);
        assertTrue(overloaded.startsWith("Rate not sustained: 98.0 %"), overloaded);
        assertLimit(LoadLimit.Kind.GENERATOR_LATE, kept, 50, 6, idle);
        assertLimit(LoadLimit.Kind.NONE, kept, 1, 0.9, idle);
        assertLimit(LoadLimit.Kind.NONE, kept, 50, 4, busy);
        GeneratorCost paused = new GeneratorCost(OptionalDouble.of(1), OptionalDouble.of(1), 0.5, NO_WAIT, 3, 21, 9);
        String pauses = assertLimit(LoadLimit.Kind.GENERATOR_PAUSED, OptionalDouble.empty(), 50, 1, paused);
        assertTrue(pauses.contains("3 times, 1.1 % of the time"), pauses);
        GeneratorCost brief = new GeneratorCost(OptionalDouble.of(1), OptionalDouble.of(1), 0.5, NO_WAIT, 9, 20, 9);
        assertLimit(LoadLimit.Kind.NONE, OptionalDouble.empty(), 50, 1, brief);
    }

    private static String assertLimit(
            LoadLimit.Kind kind, OptionalDouble kept, double responseMillis, double lagMillis, GeneratorCost cost) {
        LoadLimit limit = LoadLimit.judge(
                2,
                kept,
                kept.isEmpty() ? Optional.empty() : Optional.of(always(responseMillis)),
                kept.isEmpty() ? Optional.empty() : Optional.of(always(lagMillis)),
                cost);
        assertEquals(kind, limit.kind(), limit.sentence());
        boolean bound = switch (kind) {
            case NONE, RATE_NOT_SUSTAINED, GENERATOR_PAUSED -> false;
            case GENERATOR_SATURATED, RATE_NOT_REACHED, GENERATOR_LATE -> true;
        };
        assertEquals(bound, limit.generatorBound());
        return limit.sentence();
    }

    private static GeneratorCost cost(double busy, OptionalDouble wait) {
        return new GeneratorCost(OptionalDouble.of(1), OptionalDouble.of(1), busy, wait, 0, 0, 0);
    }

    private static LatencySummary always(double millis) {
        Histogram nanos = new Histogram(3);
        nanos.recordValueWithCount((long) (millis * 1e6), 1000);
        return LatencySummary.ofNanos(nanos);
    }

    @Test
    void aLastRequestOnItsWayIsNoMissedRate() {
        assertEquals(OptionalDouble.empty(), LoadLimit.keptShare(false, 1, 0));
        assertEquals(OptionalDouble.of(1), LoadLimit.keptShare(true, 9, 10));
        assertEquals(OptionalDouble.of(0.8), LoadLimit.keptShare(true, 8, 10));
        assertEquals(OptionalDouble.of(1), LoadLimit.keptShare(true, 0, 0));
    }

    @Test
    void percentilesNeedValuesAboveThem() {
        Histogram nanos = new Histogram(3);
        assertEquals(OptionalDouble.empty(), LatencySummary.ofNanos(nanos).maxMicros());
        nanos.recordValueWithCount(1000, 1);
        assertEquals(OptionalDouble.of(1), LatencySummary.ofNanos(nanos).maxMicros());
        assertEquals(OptionalDouble.empty(), LatencySummary.ofNanos(nanos).p50Micros());
        nanos.recordValueWithCount(1000, 998);
        assertEquals(OptionalDouble.of(1), LatencySummary.ofNanos(nanos).p99Micros());
        assertEquals(OptionalDouble.empty(), LatencySummary.ofNanos(nanos).p999Micros());
        nanos.recordValueWithCount(1000, 1);
        assertEquals(OptionalDouble.of(1), LatencySummary.ofNanos(nanos).p999Micros());
    }
}
