package ringside.bench.result;

import java.util.List;

/// What was asked for, before anything ran.
///
/// @param engines engine names
/// @param transports transport names
/// @param sizeBytes file sizes; empty when a directory was given
/// @param connections connection counts
/// @param loads closed, open with rates
/// @param caches cache states
/// @param durationSeconds measured window of each trial
/// @param warmUpSeconds before the window
/// @param repeats launches of each point
/// @param peers peer names; may be empty
/// @param generators generator names
/// @param generatorTransport of the built-in generator: `nio`, `epoll`, `io_uring`
/// @param root the directory that was served, as given; empty when files were generated
public record Plan(
        List<String> engines,
        List<String> transports,
        List<Long> sizeBytes,
        List<Integer> connections,
        List<Load> loads,
        List<Workload.Cache> caches,
        double durationSeconds,
        double warmUpSeconds,
        int repeats,
        List<String> peers,
        List<String> generators,
        String generatorTransport,
        String root) {
    public Plan {
        engines = List.copyOf(engines);
        transports = List.copyOf(transports);
        sizeBytes = List.copyOf(sizeBytes);
        connections = List.copyOf(connections);
        loads = List.copyOf(loads);
        caches = List.copyOf(caches);
        peers = List.copyOf(peers);
        generators = List.copyOf(generators);
        Require.text("generatorTransport", generatorTransport);
        Require.positive("durationSeconds", durationSeconds);
        Require.notNegative("warmUpSeconds", warmUpSeconds);
        Require.positive("repeats", repeats);
    }
}
