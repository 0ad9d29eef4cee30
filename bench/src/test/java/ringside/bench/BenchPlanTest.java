package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.result.Run;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

class BenchPlanTest {

    private static final Builds BUILDS = new Builds(Path.of(""), Path.of("no", "builds"));

    @Test
    void badInputIsToldInSentences() throws InterruptedException {
        assertRefused("unknown engine 'nginx'", () -> plan().engines(List.of("nginx")));
        assertRefused("unknown transport 'tcp'", () -> plan().transports(List.of("tcp")));
        assertRefused("'12q' is no size", () -> plan().sizes(List.of("12q")));
        assertRefused("'' is no size", () -> plan().sizes(List.of("")));
        assertRefused("from 1 to", () -> plan().sizes(List.of("0")).build());
        assertRefused("from 1 to", () -> plan().sizes(List.of("65g")).build());
        assertRefused("no size", () -> plan().sizes(List.of("99999999999999g")));
        assertRefused("unknown peer 'apache'", () -> plan().peers(List.of("apache")));
        assertRefused("unknown generator 'ab'", () -> plan().generators(List.of("ab")));
        assertRefused("unknown cache state 'warm'", () -> plan().caches(List.of("warm")));
        assertRefused("--repeats is 0", () -> plan().repeats(0).build());
        assertRefused("--connections is 0", () -> plan().connections(List.of(0)).build());
        assertRefused("one of --rates is 0.0", () -> plan().rates(0));
        assertRefused("one of --rates is NaN", () -> plan().rates(Double.NaN));
        assertRefused(
                "--duration is 0.01",
                () -> plan().duration(Duration.ofMillis(10)).build());
        assertRefused("named twice", () -> plan().sizes(List.of("1k", "1024")).build());
        assertRefused("nothing to measure", () -> plan().engines(List.of()).build());
        assertRefused("the name 'a/b'", () -> plan().name("a/b").build());
        assertRefused("the name '..'", () -> plan().name("..").build());
        assertRefused(
                "give one of them",
                () -> plan().sizes(List.of("1k")).root(Path.of("/")).build());
        assertRefused(
                "leave out --rates",
                () -> plan().rates(10).caches(List.of("cold")).build());
    }

    @Test
    void aRunWithoutArgumentsFitsItsBudget() throws InterruptedException {
        BenchPlan plan = plan().build();
        Contenders contenders = Contenders.of(plan, new FfmKernel(), BUILDS);
        int control = 1;
        int asked = contenders.running().size() + contenders.skipped().size() + control;
        int trials = plan.trialCount(asked);
        Budget budget = Budget.fit(plan, trials);
        assertTrue(budget.total(trials).compareTo(Duration.ofSeconds(110)) <= 0, budget.total(trials)::toString);
        assertTrue(budget.duration().compareTo(Duration.ofMillis(500)) >= 0);
        assertTrue(budget.warmUp().compareTo(Duration.ofMillis(2500)) >= 0, budget.warmUp()::toString);
        // What is shown as left before the first trial is what was announced, but for what comes around trials.
        assertEquals(budget.total(trials).minus(Budget.AROUND), new TimeLeft(budget.trial()).of(trials));
    }

    @Test
    void aLedgerIsOneLaunchMoreOfEachPoint() throws InterruptedException {
        BenchPlanBuilder plan =
                plan().sizes(List.of("1k", "1m")).connections(List.of(1, 64)).repeats(3);
        assertEquals(5 * 4 * 3, plan.build().trialCount(5));
        assertEquals(5 * 4 * 4, plan.ledger(true).build().trialCount(5));
    }

    @Test
    void givenSpansStayAndOthersShareTheRest() throws InterruptedException {
        BenchPlan plan = plan().duration(Duration.ofSeconds(3)).build();
        Budget budget = Budget.fit(plan, 10);
        assertEquals(Duration.ofSeconds(3), budget.duration());
        assertEquals(Duration.ofMillis((100_000 - 2_000) / 10 - 3_600 - 3_000), budget.warmUp());
        assertEquals(Duration.ofSeconds(2), Budget.fit(plan, 100_000).warmUp());
    }

    @Test
    void everyPairRunsOrIsListedWithItsReason() throws InterruptedException {
        BenchPlan plan = plan().engines(List.of("blocking", "uring", "sendfile"))
                .transports(List.of("nio", "epoll", "io_uring"))
                .build();
        Contenders contenders = Contenders.of(plan, new FfmKernel(), BUILDS);
        assertEquals(9, contenders.running().size() + contenders.skipped().size());
        for (Run.Skipped skipped : contenders.skipped()) {
            assertTrue(!skipped.reason().isBlank() && !skipped.remedy().isBlank(), skipped::toString);
        }
        assertTrue(contenders.running().stream()
                .anyMatch(c -> c instanceof Contender.Ours ours && ours.transport() == Transport.NIO));
    }

    @Test
    void wrkIsSkippedWhereItCanNotAsk() throws InterruptedException {
        BenchPlan plan =
                plan().generators(List.of("ringside", "wrk")).rates(100).build();
        Contenders contenders = Contenders.of(plan, new FfmKernel(), BUILDS);
        assertEquals(1, contenders.askers().size());
        assertEquals("by wrk", contenders.skipped().getLast().label());
    }

    @Test
    void theBaselineIsTheFirstThatReadsFilesAndRunsOnceMore() throws InterruptedException {
        Contenders byRule = Contenders.of(plan().build(), new FfmKernel(), BUILDS);
        assertEquals("blocking/epoll", byRule.baselineEntrant().orElseThrow().label());
        assertEquals("A/A blocking/epoll", byRule.control().orElseThrow().label());
        assertEquals(byRule.running().size() + 1, byRule.entrants().size());
        Contenders ceiling = Contenders.of(plan().engines(List.of("memory")).build(), new FfmKernel(), BUILDS);
        assertEquals("memory/epoll", ceiling.baselineEntrant().orElseThrow().label());
        Contenders named = Contenders.of(
                plan().baseline("sendfile")
                        .generators(List.of("wrk", "ringside"))
                        .build(),
                new FfmKernel(),
                BUILDS);
        String by = named.askers().getFirst() == Asker.WRK ? " by wrk" : "";
        assertEquals("A/A sendfile/epoll" + by, named.control().orElseThrow().label());
        assertEquals(
                named.running().size() * named.askers().size() + 1,
                named.entrants().size());
    }

    @Test
    void aBaselineThatIsNoSideIsRefusedWithTheSides() throws InterruptedException {
        assertRefused(
                "names none of the sides. They are: memory/epoll",
                () -> Contenders.of(plan().baseline("nginx").build(), new FfmKernel(), BUILDS));
        BenchPlan both = plan().engines(List.of("blocking"))
                .transports(List.of("nio", "epoll"))
                .baseline("blocking")
                .build();
        assertRefused("names several of the sides", () -> Contenders.of(both, new FfmKernel(), BUILDS));
    }

    private static BenchPlanBuilder plan() {
        return new BenchPlanBuilder();
    }

    private static void assertRefused(String words, Executable executable) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, executable);
        assertTrue(String.valueOf(e.getMessage()).contains(words), e::getMessage);
    }

    @Test
    void severalRatesHaveMoreTimeAndNeverLess() {
        assertEquals(BenchPlanBuilder.BUDGET, plan().rates(10).build().budget());
        assertEquals(BenchPlanBuilder.BUDGET_UNTIL, plan().rates(10, 20).build().budget());
        assertEquals(
                BenchPlanBuilder.BUDGET_BESIDE_PEERS,
                plan().peers(List.of("nginx")).rates(10, 20).build().budget());
        assertEquals(
                BenchPlanBuilder.BUDGET_BESIDE_PEERS,
                plan().map(List.of("rate", "connections")).rates(10, 20).build().budget());
    }
}
