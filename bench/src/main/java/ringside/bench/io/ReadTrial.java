package ringside.bench.io;

import java.util.List;
import java.util.Map;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// One process that read, and what it came to.
///
/// @param index in the order in which they ran, from 0
/// @param repeat which repetition it belongs to, from 0: ringside and fio of one repetition are a pair
/// @param by who read: `ringside` or `fio`
/// @param engine with the options that aren't as by default; of fio its ioengine
/// @param transport that drove the event loop; empty for fio
/// @param pairedWith ringside's engine, on its transport, that this is measured beside: the same text on both
///     sides
/// @param seconds length of the window
/// @param reads that completed in it
/// @param latency of a read: from its submission, in ringside's open loop from its intended start
/// @param startLag open loop of ringside: how long after its intended start a read started
/// @param ledger what the kernel did, per read, by name; empty without a ledger
/// @param details what only one of the two sides tells: system calls, allocation, residency, verification
/// @param notes what a reader of the numbers should know
/// @param failure why the numbers don't count, or the empty text
public record ReadTrial(
        int index,
        int repeat,
        String by,
        String engine,
        String transport,
        String pairedWith,
        double seconds,
        long reads,
        double readsPerSecond,
        double bytesPerSecond,
        Latency latency,
        Latency startLag,
        ReadCost cost,
        Map<String, Measured> ledger,
        Map<String, Object> details,
        List<String> notes,
        String failure) {

    static final String RINGSIDE = "ringside";
    static final String FIO = "fio";

    public ReadTrial {
        ledger = Map.copyOf(ledger);
        details = Map.copyOf(details);
        notes = List.copyOf(notes);
    }

    public boolean isGood() {
        return failure.isEmpty();
    }

    /// For people: `uring on epoll`, `fio io_uring`.
    public String label() {
        return by.equals(FIO) ? FIO + " " + engine : engine + " on " + transport;
    }
}
