package ringside.bench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.bench.result.Load;
import ringside.bench.result.Workload.Cache;

class PlanFileTest {

    /// Each file below is wrong in one way; beside it stands what is said of it.
    @Test
    void everyMistakeIsToldWithItsPlaceAndItsRemedy() throws IOException {
        List<String> told = new ArrayList<>();
        try (var files = Files.list(Path.of("src/test/resources/plan/bad"))) {
            for (Path file : files.sorted().toList()) {
                BenchPlanBuilder builder = new BenchPlanBuilder();
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class,
                        () -> {
                            PlanFile read =
                                    PlanFile.parse(file.getFileName().toString(), Files.readString(file), builder);
                            try {
                                builder.build();
                            } catch (IllegalArgumentException whole) {
                                throw read.placed(whole);
                            }
                        },
                        file.toString());
                told.add(String.valueOf(e.getMessage()));
            }
        }
        assertGolden(Path.of("src/test/resources/golden/plan-complaints.txt"), String.join("\n", told) + "\n");
    }

    @Test
    void aPlanReadsBackAsItself() {
        for (BenchPlanBuilder builder : builders()) {
            BenchPlan plan = builder.seed(7).build();
            BenchPlanBuilder back = new BenchPlanBuilder();
            String yaml = PlanText.yaml(plan);
            PlanFile.parse("plan.yaml", yaml, back);
            assertEquals(plan, back.build(), yaml);
            assertEquals(yaml, PlanText.yaml(back.build()));
        }
    }

    private static List<BenchPlanBuilder> builders() {
        return List.of(
                new BenchPlanBuilder(),
                new BenchPlanBuilder()
                        .engineList("none")
                        .peers(List.of("nginx", "h2o"))
                        .baseline("nginx")
                        .sizes(List.of("1k", "1000", "3m"))
                        .rates(List.of("500", "12.5k"))
                        .connections(List.of(1, 64))
                        .warmUp(Duration.ofMillis(1500))
                        .duration(Duration.ofSeconds(2))
                        .until("resolved")
                        .resolve("2.5%")
                        .budget(Duration.ofMinutes(3)),
                new BenchPlanBuilder()
                        .engineList("blocking,uring:queue-depth=32,chunk-bytes=1m,aio:threads=8")
                        .transports(List.of("epoll", "io_uring"))
                        .caches(List.of("hot", "cold"))
                        .generators(List.of("wrk", "ringside"))
                        .ledger(true)
                        .repeats(9)
                        .map(List.of("size", "cache"))
                        .name("a.b-c"),
                new BenchPlanBuilder()
                        .root(Path.of("/srv/a \"web\" site: #1"))
                        .sides(List.of(
                                SideSpec.parse("zgc=engine:blocking:chunk-bytes=1m;jvm:-XX:+UseZGC -Xmx1g"),
                                SideSpec.parse("old=commit:HEAD~1;engine:uring;transport:io_uring"),
                                SideSpec.parse("mine=jar:/tmp/x y.jar"),
                                SideSpec.parse("web=peer:nginx"),
                                SideSpec.parse("it=command:exec \"a\\b\" --port {port}; true # 'x'\tend")))
                        .findKnee("p99.9<1.5ms"));
    }

    @Test
    void aFileSaysWhatFlagsSayAndFlagsWin() {
        BenchPlanBuilder fromFile = new BenchPlanBuilder();
        PlanFile.parse("plan.yaml", """
                # a comment
                engines: blocking, uring:queue-depth=32
                sizes: [4k, 1m]
                connections: [1, 64]
                rates: 5k
                cache: [hot]
                warmup: 1s
                repeats: 8
                seed: 11
                sides:
                  - name: big
                    engine: sendfile
                    jvm: [-XX:+UseParallelGC, -Xmx1g]
                  - tiny=command:tiny {port} {root}
                """, fromFile);
        BenchPlan flags = new BenchPlanBuilder()
                .engineList("blocking,uring:queue-depth=32")
                .sizes(List.of("4k", "1m"))
                .connections(List.of(1, 64))
                .rates(5000)
                .caches(List.of("hot"))
                .warmUp(Duration.ofSeconds(1))
                .repeats(8)
                .seed(11)
                .sides(List.of(
                        SideSpec.parse("big=engine:sendfile;jvm:-XX:+UseParallelGC -Xmx1g"),
                        SideSpec.parse("tiny=command:tiny {port} {root}")))
                .build();
        assertEquals(flags, fromFile.build());
        assertEquals(
                List.of("-XX:+UseParallelGC", "-Xmx1g"),
                flags.sides().getFirst().jvmFlags());
        BenchPlan overridden = fromFile.repeats(3).rates(1).build();
        assertEquals(3, overridden.repeats());
        assertEquals(List.of(new Load.Open(1)), overridden.loads());
        assertEquals(flags.sides(), overridden.sides());
    }

    /// The example of the documentation is a plan.
    @Test
    void theDocumentedExamplesAreReadAsTheyAreMeant() throws IOException {
        BenchPlanBuilder builder = new BenchPlanBuilder();
        PlanFile.read(Path.of("../docs/plan-example.yaml"), builder);
        BenchPlan plan = builder.build();
        assertEquals(Until.RESOLVED, plan.until());
        assertEquals(Optional.of("before"), plan.baseline());
        assertEquals(4, plan.sides().size());
        String keys = Files.readString(Path.of("../docs/plan.md"));
        for (String key : PlanKey.texts()) {
            assertTrue(keys.contains("`" + key + "`"), "docs/plan.md says nothing of " + key);
        }
        for (String key : SideSpec.Key.texts()) {
            assertTrue(keys.contains("`" + key + "`"), "docs/plan.md says nothing of a side's " + key);
        }
    }

    @Test
    void aMapBringsItsAxes() {
        BenchPlan plan =
                new BenchPlanBuilder().map(List.of("size", "connections")).build();
        assertEquals(4, plan.sizeBytes().size());
        assertEquals(3, plan.connections().size());
        assertEquals(12, plan.workloadCount());
        assertEquals(
                List.of(Cache.HOT, Cache.COLD),
                new BenchPlanBuilder().map(List.of("cache", "size")).build().caches());
    }

    @Test
    void wordsThatAreNearAreFoundAndOthersAreNot() {
        assertEquals(1, Nearest.edits("enignes", "engines"));
        assertEquals(3, Nearest.edits("kitten", "sitting"));
        assertEquals(Optional.of("engines"), Nearest.of("engine", PlanKey.texts()));
        assertEquals(Optional.empty(), Nearest.of("colour", PlanKey.texts()));
    }

    @Test
    void spansAndObjectivesReadBack() {
        for (String text : List.of("500ms", "10s", "1500ms", "0s")) {
            assertEquals(text, Spans.text(Spans.parse(text)));
        }
        assertEquals(Duration.ofHours(1), Spans.parse("1H"));
        assertEquals(Duration.ofNanos(1_500), Spans.parse("1.5us"));
        assertEquals(Spans.parse("1.5us"), Spans.parse(Spans.text(Spans.parse("1.5us"))));
        assertEquals("p99.9<2ms", Objective.parse(" P99.9 < 2000 us ").text());
        assertThrows(IllegalArgumentException.class, () -> Objective.parse("p99<0ms"));
        assertThrows(IllegalArgumentException.class, () -> Objective.parse("p98<1ms"));
        assertThrows(IllegalArgumentException.class, () -> Objective.parse("p99<1"));
    }

    private static void assertGolden(Path golden, String actual) throws IOException {
        if ("write".equals(System.getProperty("ringside.golden"))) {
            Files.writeString(golden, actual);
        }
        assertEquals(
                Files.readString(golden),
                actual,
                "if that is meant: -Dtest.jvm.flags=-Dringside.golden=write, then read the difference");
    }
}
