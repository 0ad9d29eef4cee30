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
/// @param baseline label of the side that the others are held against; empty in a run of before there was one
/// @param control label of the A/A arm: the baseline once more, as a side of its own with launches of its own. It
///     takes no part in rankings; what it and the baseline differ by, two equal servers differ by. Empty when there
///     is none
/// @param knee the objective whose highest rate was searched for: `p99<5ms`; empty when none was
/// @param map the two axes of the crossover map: `size`, `connections`, `rate`, `cache`; empty when none was asked for
/// @param until what ended the run: `repeats`, `resolved` or `budget`
/// @param resolve how far, as a fraction, an interval may reach from its estimate in a run that ends when it is
///     resolved; in a search for a knee, how close the rates that held and didn't hold are at its end. 0 in a run of
///     before there was either
/// @param yaml the whole plan as a file for `--plan`, seed and spans included: gives the same trials in the same
///     order; empty in a run of before there were such files
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
        String root,
        String baseline,
        String control,
        String knee,
        List<String> map,
        String until,
        double resolve,
        String yaml) {

    /// Of `until`: all blocks ran.
    public static final String UNTIL_REPEATS = "repeats";

    public Plan {
        engines = List.copyOf(engines);
        transports = List.copyOf(transports);
        sizeBytes = List.copyOf(sizeBytes);
        connections = List.copyOf(connections);
        loads = List.copyOf(loads);
        caches = List.copyOf(caches);
        peers = List.copyOf(peers);
        generators = List.copyOf(generators);
        map = List.copyOf(map);
        Require.text("generatorTransport", generatorTransport);
        Require.text("until", until);
        Require.notNegative("resolve", resolve);
        Require.positive("durationSeconds", durationSeconds);
        Require.notNegative("warmUpSeconds", warmUpSeconds);
        Require.positive("repeats", repeats);
        if (!control.isEmpty() && (baseline.isEmpty() || control.equals(baseline))) {
            throw new IllegalArgumentException("the control '" + control + "' needs a baseline of another name");
        }
        if (!map.isEmpty() && map.size() != 2) {
            throw new IllegalArgumentException("a map has two axes, not " + map);
        }
    }
}
