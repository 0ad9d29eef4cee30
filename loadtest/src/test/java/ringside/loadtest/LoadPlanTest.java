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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import ringside.engines.Transport;

class LoadPlanTest {

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
        assertBad("bodySampleEvery", plan -> plan.bodySampleEvery(0));
        assertBad("cpu", plan -> plan.cpus(List.of(-1)));
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
        LoadReport report = new LoadReport(
                plan,
                false,
                1.25,
                10,
                70,
                8,
                0.000056,
                new LatencySummary(10, 1, 2, 3, 4, 5, 6, 7),
                LatencySummary.EMPTY,
                LatencySummary.EMPTY,
                new LoadErrors(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                3,
                4,
                5,
                new GeneratorCost(1, 2, 0.5, Double.NaN, 0, 0),
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
        GeneratorCost busy = new GeneratorCost(1, 1, 0.7, 0.3, 0, 0);
        GeneratorCost idle = new GeneratorCost(1, 1, 0.3, Double.NaN, 0, 0);
        LatencySummary slow = new LatencySummary(1, 0, 0, 0, 0, 50_000, 0, 0);
        LatencySummary late = new LatencySummary(1, 0, 0, 0, 0, 6_000, 0, 0);
        LatencySummary prompt = new LatencySummary(1, 0, 0, 0, 0, 900, 0, 0);
        assertEquals(
                LoadLimit.Kind.GENERATOR_SATURATED,
                LoadLimit.judge(false, 1, slow, prompt, busy).kind());
        assertEquals(
                LoadLimit.Kind.NONE,
                LoadLimit.judge(false, 1, slow, prompt, idle).kind());
        assertEquals(
                LoadLimit.Kind.RATE_NOT_REACHED,
                LoadLimit.judge(true, 0.98, slow, prompt, busy).kind());
        assertEquals(
                LoadLimit.Kind.NONE,
                LoadLimit.judge(true, 0.98, slow, prompt, idle).kind());
        assertEquals(
                LoadLimit.Kind.GENERATOR_LATE,
                LoadLimit.judge(true, 1, slow, late, idle).kind());
        assertEquals(
                LoadLimit.Kind.NONE,
                LoadLimit.judge(true, 1, prompt, prompt, idle).kind());
        assertTrue(LoadLimit.judge(true, 1, slow, late, idle).generatorBound());
    }
}
