package ringside.bench.trial;

import java.util.List;
import ringside.linux.CpuSet;

/// Which CPUs the two sides of a trial get. The orchestrator shares those of the generator, never the server's.
///
/// @param server CPUs of the server; empty when there is only one CPU and nothing is pinned
/// @param generator CPUs of the generator, disjoint from the server's; empty in the same case
/// @param available what this process may use at all
/// @param warnings sentences for every trial's notes
public record CpuPlan(CpuSet server, CpuSet generator, CpuSet available, List<String> warnings) {

    /// Tells which CPUs share a core with one: `/sys/devices/system/cpu/cpuN/topology/thread_siblings_list`.
    @FunctionalInterface
    public interface Siblings {
        CpuSet of(int cpu);
    }

    public CpuPlan {
        warnings = List.copyOf(warnings);
        if (!server.isDisjointFrom(generator)) {
            throw new IllegalArgumentException("server on " + server + ", generator on " + generator);
        }
    }

    /// One CPU each: the server gets the last, since interrupts and everything else of the machine prefer the
    /// first; the generator gets the first that is on another core.
    public static CpuPlan of(CpuSet available, Siblings siblings) {
        int[] cpus = available.toArray();
        if (cpus.length < 2) {
            return new CpuPlan(
                    CpuSet.of(),
                    CpuSet.of(),
                    available,
                    List.of("only one CPU may be used here: server and"
                            + " generator share it unpinned, so neither throughput nor latency is the server's own"));
        }
        int server = cpus[cpus.length - 1];
        CpuSet sameCore = siblings.of(server);
        for (int cpu : cpus) {
            if (cpu != server && !sameCore.contains(cpu)) {
                return new CpuPlan(CpuSet.of(server), CpuSet.of(cpu), available, List.of());
            }
        }
        return new CpuPlan(
                CpuSet.of(server),
                CpuSet.of(cpus[0]),
                available,
                List.of("server and generator run on two threads" + " of one core (CPUs " + server + " and " + cpus[0]
                        + ") and slow each other down"));
    }

    public boolean isPinned() {
        return !server.isEmpty();
    }
}
