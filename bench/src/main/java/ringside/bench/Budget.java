package ringside.bench;

import java.time.Duration;

/// How long a trial takes and how the spans of a plan are fitted into its budget.
///
/// @param warmUp of each trial
/// @param duration of each trial's window
record Budget(Duration warmUp, Duration duration) {

    /// Two JVMs one after the other, each on one CPU; eviction or warming; the server's drain.
    static final Duration OVERHEAD = Duration.ofMillis(1700);

    /// The preparation of files, and what comes after the last trial.
    static final Duration AROUND = Duration.ofSeconds(4);

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /// Spans that are given stay; the others share what is left of the budget, and are between half a second
    /// and five seconds: shorter ones measure the compiler, and a default run gains less from longer ones than
    /// from more launches.
    static Budget fit(BenchPlan plan, int trialCount) {
        long perTrialMillis = (plan.budget().toMillis() - AROUND.toMillis()) / Math.max(1, trialCount)
                - OVERHEAD.toMillis()
                - plan.warmUp().orElse(Duration.ZERO).toMillis()
                - plan.duration().orElse(Duration.ZERO).toMillis();
        boolean bothOpen = plan.warmUp().isEmpty() && plan.duration().isEmpty();
        Duration share = clamp(Duration.ofMillis(bothOpen ? perTrialMillis / 2 : perTrialMillis));
        return new Budget(plan.warmUp().orElse(share), plan.duration().orElse(share));
    }

    /// What a trial is expected to take before one was seen.
    Duration trial() {
        return OVERHEAD.plus(warmUp).plus(duration);
    }

    Duration total(int trialCount) {
        return AROUND.plus(trial().multipliedBy(trialCount));
    }

    private static Duration clamp(Duration span) {
        if (span.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return span.compareTo(LONGEST) > 0 ? LONGEST : span;
    }
}
