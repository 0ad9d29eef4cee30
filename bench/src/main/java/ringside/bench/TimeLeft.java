package ringside.bench;

import java.time.Duration;

/// Estimates how long the rest of a run takes: a trial takes what trials have taken so far, on average; before
/// the first one, what the budget expects.
final class TimeLeft {

    private final Duration expected;
    private long seenNanos;
    private int seenCount;

    TimeLeft(Duration expectedTrial) {
        expected = expectedTrial;
    }

    void trialTook(Duration span) {
        seenNanos += span.toNanos();
        seenCount++;
    }

    Duration of(int trialCount) {
        Duration one = seenCount == 0 ? expected : Duration.ofNanos(seenNanos / seenCount);
        return one.multipliedBy(trialCount);
    }
}
