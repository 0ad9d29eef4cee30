package ringside.bench.verify;

import java.util.concurrent.atomic.LongAdder;

/// What the clients of one pair have done so far. Any thread.
final class Tally {

    final LongAdder responses = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder pipelined = new LongAdder();
    final LongAdder aborts = new LongAdder();
    final LongAdder stalls = new LongAdder();
    final LongAdder trickles = new LongAdder();
    final LongAdder halves = new LongAdder();
    final LongAdder absent = new LongAdder();
    final LongAdder cut = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder zeroed = new LongAdder();

    Counts counts(long changes) {
        return new Counts(
                responses.sum(),
                bytes.sum(),
                pipelined.sum(),
                aborts.sum(),
                stalls.sum(),
                trickles.sum(),
                halves.sum(),
                absent.sum(),
                cut.sum(),
                refused.sum(),
                zeroed.sum(),
                changes);
    }
}
