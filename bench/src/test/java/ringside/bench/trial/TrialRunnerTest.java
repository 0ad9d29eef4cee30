package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.bench.result.Load;
import ringside.bench.result.Workload;
import ringside.bench.result.Workload.Cache;

class TrialRunnerTest {

    /// Seen with 512 connections and 16 MiB: 512 answers within one second, of requests that took five.
    @Test
    void aWindowOfOneRoundMeasuresChance() {
        assertEquals(
                Optional.of("only 1.0 answers for each of 512 connections fell into the window of 1.0 s, by chance one"
                        + " more or less: give --duration 8s"),
                TrialRunner.fewRounds(closed(512), 512, 1.0));
        assertEquals(Optional.empty(), TrialRunner.fewRounds(closed(512), 2048, 1.0));
        assertEquals(Optional.empty(), TrialRunner.fewRounds(closed(1), 4, 1.0));
    }

    @Test
    void anOpenLoopHasNoRounds() {
        assertEquals(
                Optional.empty(),
                TrialRunner.fewRounds(new Workload(1024, false, 64, 512, new Load.Open(10), Cache.HOT), 10, 1.0));
    }

    private static Workload closed(int connections) {
        return new Workload(16 << 20, false, 4, connections, new Load.Closed(), Cache.HOT);
    }
}
