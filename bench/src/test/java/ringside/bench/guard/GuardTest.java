package ringside.bench.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Measured;
import ringside.bench.result.Surroundings;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.CpuTimes;
import ringside.linux.FfmKernel;
import ringside.linux.Pressure;
import ringside.linux.ProcessStat;
import ringside.linux.Reading;
import ringside.linux.SystemStat;

class GuardTest {

    private static final CpuSet WATCHED = CpuSet.of(0, 1);
    private static final int SELF = 100;
    private static final int SERVER = 101;
    private static final long TICKS = SystemStat.ticksPerSecond();

    /// A second between two looks, in ticks.
    private static final class Machine {
        private final List<ProcessStat> processes = new ArrayList<>(List.of(
                process(1, 0, "init", 0, 0),
                process(2, 0, "kthreadd", 0, 0),
                process(SELF, 1, "java", 50, 0),
                process(SERVER, SELF, "java", 20, 0),
                process(7, 2, "ksoftirqd/0", 10, 0),
                process(50, 1, "cron", 5, 30)));
        private long atNanos;
        private long wallMillis = 1_000_000;
        private long idleTicks;
        private long stolenTicks;
        private long memoryMicros;
        private long throttled;

        Machine passes(long millis) {
            atNanos += millis * 1_000_000;
            wallMillis += millis;
            return this;
        }

        Machine uses(int id, long ticks, long childrenTicks) {
            processes.replaceAll(old -> old.id() == id
                    ? process(
                            id,
                            old.parentId(),
                            old.name(),
                            old.userTicks() + ticks,
                            old.childrenTicks() + childrenTicks)
                    : old);
            return this;
        }

        MachineLook look() {
            CpuTimes times = new CpuTimes(0, 0, 0, idleTicks, 0, 0, 0, stolenTicks);
            Map<Integer, CpuTimes> byCpu = Map.of(0, times, 1, times);
            TreeMap<Pressure.Resource, Reading<Pressure>> pressure = new TreeMap<>();
            for (Pressure.Resource resource : Pressure.Resource.values()) {
                long micros = resource == Pressure.Resource.MEMORY ? memoryMicros : 0;
                Pressure.Stall stall = new Pressure.Stall(0, 0, 0, micros);
                pressure.put(resource, new Reading.Measured<>(new Pressure(stall, stall)));
            }
            return new MachineLook(
                    atNanos,
                    wallMillis,
                    new Reading.Measured<>(new SystemStat(atNanos, times, new TreeMap<>(byCpu), 0, 0)),
                    processes,
                    pressure,
                    new Reading.Measured<>(3L),
                    new Reading.Unmeasurable<>("no cpufreq"),
                    new Reading.Measured<>(throttled));
        }
    }

    private static ProcessStat process(int id, int parent, String name, long ticks, long childrenTicks) {
        return new ProcessStat(id, name, 'S', parent, 0, 0, ticks, 0, childrenTicks, 1, id, 0);
    }

    @Test
    void whatOursAndTheKernelUseIsNobodyElses() {
        Machine machine = new Machine();
        Surroundings surroundings = window(
                machine,
                () -> machine.uses(SERVER, TICKS, 0).uses(SELF, TICKS / 2, 0).uses(7, TICKS / 4, 0));
        assertEquals(Measured.of(0), surroundings.within().othersCpus());
        assertEquals(Map.of(), surroundings.within().othersByName());
        assertEquals(List.of(), surroundings.disturbances());
        assertEquals(1, surroundings.within().seconds());
        assertEquals(Measured.of(3), surroundings.within().runnableTasks());
        assertFalse(surroundings.within().frequencyMegahertz().isKnown());
        assertEquals(Measured.of(0), surroundings.within().clockJumpMillis());
    }

    @Test
    void anotherProgramIsNamedAndBreaksTheRule() {
        Machine machine = new Machine();
        Surroundings surroundings =
                window(machine, () -> machine.uses(SERVER, TICKS, 0).uses(50, TICKS / 10, 0));
        assertEquals(0.1, surroundings.within().othersCpus().orElse(-1), 1e-9);
        assertEquals(
                List.of("other programs used 10 % of a CPU (cron 10 %); at most 5 % are allowed"),
                surroundings.disturbances());
        // In the warm-up it would have been seen and allowed.
        assertEquals(0, surroundings.before().othersCpus().orElse(-1), 1e-9);
    }

    @Test
    void ofChildrenThatEndedOnlyThisSpanCounts() {
        Machine machine = new Machine();
        machine.processes.add(process(60, 50, "cc1", 900, 0));
        Surroundings surroundings = window(machine, () -> {
            machine.processes.removeIf(process -> process.id() == 60);
            machine.uses(50, 0, 900 + TICKS / 5);
        });
        assertEquals(0.2, surroundings.within().othersCpus().orElse(-1), 1e-9);
    }

    @Test
    void othersCanNotHaveUsedMoreOfOurCpusThanWasLeft() {
        Machine machine = new Machine();
        // Both CPUs idle but for a tenth of a second: what cron did, it did elsewhere.
        Surroundings surroundings = window(machine, () -> {
            machine.idleTicks += TICKS - TICKS / 20;
            machine.uses(50, TICKS, 0);
        });
        assertEquals(0.1, surroundings.within().othersCpus().orElse(-1), 1e-9);
    }

    @Test
    void whereProcessesAreHiddenTheBusyTimeDecides() {
        Machine machine = new Machine();
        machine.processes.removeIf(process -> process.id() == 2 || process.id() == 7);
        Surroundings surroundings = window(machine, () -> machine.uses(SERVER, TICKS, 0));
        // Two CPUs were busy, ours was one of them.
        assertEquals(1, surroundings.within().othersCpus().orElse(-1), 1e-9);
    }

    @Test
    void stealMemoryHeatAndClocksBreakTheRuleToo() {
        Machine machine = new Machine();
        Surroundings surroundings = window(machine, () -> {
            machine.stolenTicks += TICKS / 10;
            machine.memoryMicros += 50_000;
            machine.throttled += 2;
            machine.wallMillis -= 3_600_000;
        });
        assertEquals(
                List.of(
                        "the hypervisor took 10 % of the CPUs' time; at most 2 % are allowed",
                        "tasks waited for memory 5 % of the time; at most 1 % are allowed",
                        "the CPUs were slowed down for their heat 2 times",
                        "the wall clock moved 3600000 ms other than the monotonic clock: it was set, or the machine was"
                                + " suspended"),
                surroundings.disturbances());
    }

    @Test
    void spansFollowEachOtherAndATrialWithoutAWindowHasNone() {
        Machine machine = new Machine();
        Guard guard = guard(machine, GuardRule.of(GuardRule.Mode.EXCLUDE));
        machine.passes(300);
        guard.windowBegins();
        assertEquals(Surroundings.unknown("the trial had no window"), guard.trialEnds());
        machine.passes(200);
        guard.windowBegins();
        machine.passes(500);
        guard.windowEnds();
        machine.passes(50);
        Surroundings surroundings = guard.trialEnds();
        assertEquals(0.2, surroundings.before().seconds(), 1e-9);
        assertEquals(0.5, surroundings.within().seconds(), 1e-9);
        assertEquals(0.05, surroundings.after().seconds(), 1e-9);
    }

    @Test
    void theMachineItselfCanBeLookedAt() {
        FfmKernel kernel = new FfmKernel();
        CpuSet usable = new CpuAffinity(kernel).get();
        Surroundings.Span span = Guard.watch(kernel, usable, Duration.ofMillis(20));
        assertTrue(span.seconds() >= 0.02, span::toString);
        assertTrue(span.othersCpus().isKnown(), span::toString);
        assertTrue(span.runnableTasks().orElse(0) >= 1, span::toString);
        assertThrows(IllegalArgumentException.class, () -> MachineLook.runnable("0.1 0.2"));
        assertEquals(4, MachineLook.runnable("2.62 2.97 2.58 4/207 30971\n"));
    }

    private static Surroundings window(Machine machine, Runnable inTheWindow) {
        Guard guard = guard(machine, GuardRule.of(GuardRule.Mode.EXCLUDE));
        machine.passes(200);
        guard.windowBegins();
        machine.passes(1000);
        inTheWindow.run();
        guard.windowEnds();
        return guard.trialEnds();
    }

    private static Guard guard(Machine machine, GuardRule rule) {
        return new Guard(machine::look, rule, WATCHED, SELF);
    }
}
