package ringside.server;

import java.util.concurrent.atomic.AtomicLong;

/// Counters of one event loop: written there without a locked instruction, read anywhere.
final class LoopCounters {

    final AtomicLong connections = new AtomicLong();
    final AtomicLong answers = new AtomicLong();
    final AtomicLong refusals = new AtomicLong();
    final AtomicLong transfersCut = new AtomicLong();
    final AtomicLong connectionErrors = new AtomicLong();
    final AtomicLong timeouts = new AtomicLong();
    final AtomicLong defects = new AtomicLong();

    /// Only on the loop: there is one writer.
    static void count(AtomicLong counter) {
        counter.setOpaque(counter.getPlain() + 1);
    }

    ServerCounters snapshot() {
        return new ServerCounters(
                connections.getOpaque(),
                answers.getOpaque(),
                refusals.getOpaque(),
                transfersCut.getOpaque(),
                connectionErrors.getOpaque(),
                timeouts.getOpaque(),
                defects.getOpaque());
    }
}
