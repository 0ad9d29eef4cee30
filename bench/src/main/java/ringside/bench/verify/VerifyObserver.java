package ringside.bench.verify;

import java.time.Duration;

/// Learns how a verification proceeds. Called by the thread that runs it.
public interface VerifyObserver {

    /// @param estimate for all of it
    void planned(VerifyPlan plan, int pairs, Duration estimate);

    /// @param index of the pair, from 0
    /// @param found what is wrong so far
    void progress(int index, int pairs, String label, Counts counts, int found);

    void finished(int index, int pairs, PairResult result);
}
