package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.bench.result.WarmUp;
import ringside.bench.result.WarmUpRule;
import ringside.bench.steady.SteadyState.JvmActivity;
import ringside.linux.FfmKernel;

class WarmUpWatchTest {

    private final Process noJvm;

    WarmUpWatchTest() throws IOException {
        noJvm = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void end() {
        noJvm.destroyForcibly();
    }

    @Test
    void aGivenTimeIsOverJustBeforeItsEnd() {
        assertTrue(watch(WarmUpRule.time(0), 0).isOver());
        WarmUpWatch watch = watch(WarmUpRule.time(1), 0);
        watch.add(0.7, 0.1, 1000, 50);
        assertFalse(watch.isOver());
        watch.add(0.8, 0.1, 1000, 50);
        assertTrue(watch.isOver());
        WarmUp warmUp = watch.ended(1);
        assertEquals(WarmUp.Ended.TIME, warmUp.ended());
        assertEquals(
                "a given time; by the criterion: not steady, only 2 intervals were seen, 15 are needed",
                warmUp.sentence());
    }

    @Test
    void aLevelThatHoldsEndsIt() {
        WarmUpWatch watch = watch(WarmUpRule.untilSteady(5), 0);
        for (int i = 1; i < 15; i++) {
            watch.add(0.1 * i, 0.1, 1000, 50 * i);
            assertFalse(watch.isOver());
        }
        watch.add(1.5, 0.1, 1000, 50);
        assertTrue(watch.isOver());
        assertEquals(
                new WarmUp(1.51, WarmUp.Ended.STEADY, "the level has held for 1.5 s, within 3 %"), watch.ended(1.51));
    }

    @Test
    void whatGoesOnRisingIsMeasuredAndMarked() {
        WarmUpWatch watch = watch(WarmUpRule.untilSteady(2), 0);
        for (int i = 1; i <= 20; i++) {
            assertFalse(watch.isOver());
            watch.add(0.1 * i, 0.1, 1000 * (1L << i), 50);
        }
        assertTrue(watch.isOver());
        WarmUp warmUp = watch.ended(2);
        assertEquals(WarmUp.Ended.UNSTEADY, warmUp.ended());
        assertTrue(
                warmUp.sentence().startsWith("no steady state within 2.0 s: the level has held for 0."),
                warmUp::sentence);
    }

    @Test
    void anOpenLoopHasToHoldItsTimes() {
        WarmUpWatch watch = watch(WarmUpRule.untilSteady(5), 0.3);
        for (int i = 1; i <= 20; i++) {
            watch.add(0.1 * i, 0.1, 1000, 1000.0 / (1L << i));
            assertFalse(watch.isOver());
        }
    }

    @Test
    void thePartInAClosedLoopIsNotLookedAt() {
        WarmUpWatch watch = watch(WarmUpRule.untilSteady(9), 2);
        for (int i = 1; i <= 20; i++) {
            watch.add(0.1 * i, 0.1, 1000, 50);
        }
        for (int i = 21; i < 35; i++) {
            watch.add(0.1 * i, 0.1, 10, 40);
            assertFalse(watch.isOver());
        }
        watch.add(3.5, 0.1, 10, 40);
        assertTrue(watch.isOver());
    }

    @Test
    void aJvmTellsWhatItsCompilersUseAndAnythingElseNothing() {
        JvmActivityMeter other = new JvmActivityMeter(new FfmKernel(), noJvm.pid());
        assertEquals(Optional.empty(), other.sinceLast());
        assertEquals(Optional.empty(), other.sinceLast());
        JvmActivityMeter self =
                new JvmActivityMeter(new FfmKernel(), ProcessHandle.current().pid());
        self.sinceLast();
        // A compiler thread that ends in between has it begin anew.
        Optional<JvmActivity> activity = Optional.empty();
        for (int i = 0; i < 50 && activity.isEmpty(); i++) {
            activity = self.sinceLast();
        }
        JvmActivity seen = activity.orElseThrow();
        assertTrue(seen.cpuNanos() > 0, seen::toString);
        assertTrue(seen.compilingNanos() >= 0 && seen.collectingNanos() >= 0, seen::toString);
    }

    private WarmUpWatch watch(WarmUpRule rule, double closedSeconds) {
        return new WarmUpWatch(
                rule,
                new JvmActivityMeter(new FfmKernel(), noJvm.pid()),
                new JvmActivityMeter(new FfmKernel(), noJvm.pid()),
                closedSeconds);
    }
}
