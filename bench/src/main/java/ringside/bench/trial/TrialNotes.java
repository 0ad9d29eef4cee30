package ringside.bench.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Surroundings;
import ringside.bench.result.WarmUp;
import ringside.linux.Reading;

/// What a reader should know of a window that is valid all the same: a sentence each.
final class TrialNotes {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double STOLEN_SHARE_WORTH_A_NOTE = 0.02;
    private static final double WAIT_SHARE_WORTH_A_NOTE = 0.1;
    private static final double FOREIGN_SHARE_WORTH_A_NOTE = 0.05;
    private static final double JVM_SHARE_WORTH_A_NOTE = 0.03;

    private TrialNotes() {}

    static List<String> of(Asked asked, Surroundings surroundings, GuardRule rule) {
        List<String> notes = new ArrayList<>();
        if (asked.warmUp().ended() == WarmUp.Ended.UNSTEADY) {
            notes.add(asked.warmUp().sentence());
        }
        if (rule.mode() == GuardRule.Mode.MARK) {
            surroundings.disturbances().forEach(sentence -> notes.add("disturbed: " + sentence));
        }
        notes.addAll(of(asked.rates()));
        return notes;
    }

    private static List<String> of(CostMeter.Rates rates) {
        List<String> notes = new ArrayList<>();
        stolen(rates).ifPresent(notes::add);
        waited(rates).ifPresent(notes::add);
        idler(rates).ifPresent(notes::add);
        jvm(rates).ifPresent(notes::add);
        return notes;
    }

    private static Optional<String> stolen(CostMeter.Rates rates) {
        return rates.stolenShare()
                .value()
                .filter(share -> share > STOLEN_SHARE_WORTH_A_NOTE)
                .map(share -> "the hypervisor took %.0f %% of the server's CPU for others".formatted(share * 100));
    }

    /// Threads wait for a CPU that other processes have, but also for each other and for soft interrupts: the
    /// others are accused only of what the server and the interrupts leave of the core's busy time.
    private static Optional<String> waited(CostMeter.Rates rates) {
        double waited = share(rates.waitNanos());
        if (!(waited > WAIT_SHARE_WORTH_A_NOTE)) {
            return Optional.empty();
        }
        String fact = "the server's threads were ready and waited for their CPU for %.2f s in each second: "
                .formatted(waited);
        double foreign = share(rates.coreBusyNanos()) - share(rates.serverNanos()) - share(rates.softInterruptNanos());
        if (Double.isNaN(foreign)) {
            return Optional.of(fact + "for whom is unmeasurable");
        }
        double error = rates.coreErrorNanos() / NANOS_PER_SECOND;
        return Optional.of(
                foreign > Math.max(error, FOREIGN_SHARE_WORTH_A_NOTE)
                        ? fact + "other processes used %.0f %% of it".formatted(foreign * 100)
                        : fact + "for its own threads and soft interrupts");
    }

    /// A pinned server can't use more of its core than the core was busy.
    private static Optional<String> idler(CostMeter.Rates rates) {
        double missing =
                share(rates.serverNanos()) - share(rates.coreBusyNanos()) - rates.coreErrorNanos() / NANOS_PER_SECOND;
        return missing > 0
                ? Optional.of(
                        ("the core's busy time is %.1f %% of the time below the CPU time of the server on it, more"
                                        + " than its clock ticks explain: don't rely on it")
                                .formatted(100 * (missing + rates.coreErrorNanos() / NANOS_PER_SECOND)))
                : Optional.empty();
    }

    private static Optional<String> jvm(CostMeter.Rates rates) {
        double part = share(rates.jvmNanos()) / share(rates.serverNanos());
        return part > JVM_SHARE_WORTH_A_NOTE && part < Double.POSITIVE_INFINITY
                ? Optional.of(("compilers and garbage collector of the server's JVM used %.0f %% of its CPU time:"
                                + " a longer --warmup makes that less")
                        .formatted(part * 100))
                : Optional.empty();
    }

    /// @return part of a second; not a number when it is unmeasurable, which every comparison finds false
    private static double share(Reading<Double> nanosPerSecond) {
        return nanosPerSecond.value().map(nanos -> nanos / NANOS_PER_SECOND).orElse(Double.NaN);
    }
}
