package ringside.bench;

import java.time.Duration;
import ringside.bench.plan.BenchPlan;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Rules;
import ringside.bench.result.WarmUpRule;

/// How long a trial takes and how the spans of a plan are fitted into its budget.
///
/// @param warmUp of each trial; at most, where it ends with the steady state
/// @param duration of each trial's window
record Budget(Duration warmUp, Duration duration) {

    /// Two JVMs one after the other, each on one CPU; eviction or warming; the load's tail; the server's drain. 42
    /// trials took 1.8 to 2.3 s more than their load on a Xeon, 16 took 3.8 to 4.3 s more on an EPYC at 2 GHz.
    static final Duration OVERHEAD = Duration.ofMillis(3600);

    /// The preparation of files, and what comes after the last trial.
    static final Duration AROUND = Duration.ofSeconds(2);

    private static final Duration SHORTEST = Duration.ofMillis(500);

    /// Shorter warm-ups leave a good part of our server's compiling in the window, and too little to tell a steady
    /// state by.
    private static final Duration WARM_UP_LEAST = Duration.ofSeconds(2);

    /// Of what is left for a trial; the window has the rest. On two cores at 2 GHz the compilers take half of the
    /// server's CPU after 1.2 s, a fifth after 3 s, some percent after 5 s. A window of a second says as much as
    /// one of five.
    private static final double WARM_UP_SHARE = 0.85;

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration WARM_UP_LONGEST = Duration.ofSeconds(10);

    /// Spans that are given stay; the others share what is left of the budget, the warm-up first. A fitted warm-up is
    /// between two and ten seconds, a fitted window between half a second and five: shorter ones measure the
    /// compiler, and a default run gains less from longer ones than from more launches. A plan with too many trials
    /// for that takes longer than its budget.
    static Budget fit(BenchPlan plan, int trialCount) {
        long perTrialMillis = (plan.budget().toMillis() - AROUND.toMillis()) / Math.max(1, trialCount)
                - OVERHEAD.toMillis()
                - plan.warmUp().orElse(Duration.ZERO).toMillis()
                - plan.duration().orElse(Duration.ZERO).toMillis();
        boolean bothOpen = plan.warmUp().isEmpty() && plan.duration().isEmpty();
        Duration rest = Duration.ofMillis(perTrialMillis);
        if (!bothOpen) {
            return new Budget(
                    plan.warmUp().orElse(clamp(rest, WARM_UP_LEAST, WARM_UP_LONGEST)),
                    plan.duration().orElse(clamp(rest, SHORTEST, LONGEST)));
        }
        Duration warmUp =
                clamp(Duration.ofMillis(Math.round(perTrialMillis * WARM_UP_SHARE)), WARM_UP_LEAST, WARM_UP_LONGEST);
        return new Budget(warmUp, clamp(rest.minus(warmUp), SHORTEST, LONGEST));
    }

    /// What is fixed before the first trial.
    Rules rules(BenchPlan plan) {
        double seconds = warmUp.toNanos() / 1e9;
        return new Rules(
                plan.untilSteady() ? WarmUpRule.untilSteady(seconds) : WarmUpRule.time(seconds),
                GuardRule.of(plan.guard()));
    }

    /// What a trial is expected to take before one was seen.
    Duration trial() {
        return OVERHEAD.plus(warmUp).plus(duration);
    }

    Duration total(int trialCount) {
        return AROUND.plus(trial().multipliedBy(trialCount));
    }

    private static Duration clamp(Duration span, Duration least, Duration most) {
        if (span.compareTo(least) < 0) {
            return least;
        }
        return span.compareTo(most) > 0 ? most : span;
    }
}
