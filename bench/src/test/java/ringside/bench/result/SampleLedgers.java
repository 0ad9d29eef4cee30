package ringside.bench.result;

import java.util.ArrayList;
import java.util.List;

/// Synthetic ledgers: what each side does for a request follows from its name.
final class SampleLedgers {
    private SampleLedgers() {}

    static Ledger of(Trial trial) {
        boolean ring = trial.side().transport().equals("io_uring");
        boolean peer = trial.side().kind() == Side.Kind.PEER;
        boolean sends = trial.side().engine().equals("sendfile")
                || trial.side().engine().equals("nginx");
        double chunks = Math.max(1, trial.workload().fileBytes() / 262_144.0);
        double requests = 40_000;
        List<Ledger.Entry> entries = new ArrayList<>();
        double all = ring ? 0.31 : 1.06 + (sends ? chunks : 2 * chunks) + (peer ? 1 : 0);
        entries.add(call(Ledger.SYSTEM_CALLS, all, requests));
        if (ring) {
            entries.add(call("io_uring_enter", 0.3, requests));
        } else {
            entries.add(call("recvfrom", 1, requests));
            entries.add(call(sends ? "sendfile" : "sendto", chunks, requests));
            if (!sends) {
                entries.add(call("pread64", chunks, requests));
            }
            if (peer) {
                entries.add(call("writev", 1, requests));
            }
            entries.add(call("epoll_pwait2", 0.05, requests));
        }
        entries.add(call(Ledger.OTHER_CALLS, 0.01, requests));
        entries.add(entry(
                Ledger.CONTEXT_SWITCHES,
                Ledger.Group.SCHEDULING,
                Ledger.Source.SOFTWARE,
                ring ? 0.2 : 0.004,
                requests));
        entries.add(entry(Ledger.MINOR_FAULTS, Ledger.Group.MEMORY, Ledger.Source.SOFTWARE, 0, requests));
        Measured unknown = Measured.unmeasurable("this kernel has no tracepoint filemap:mm_filemap_add_to_page_cache");
        entries.add(new Ledger.Entry(
                Ledger.PAGE_CACHE_INSERTS,
                Ledger.Group.MEMORY,
                "folios",
                Ledger.Source.TRACEPOINT,
                Ledger.Scope.PROCESS,
                unknown,
                unknown));
        entries.add(entry(Ledger.DEVICE_BYTES, Ledger.Group.STORAGE, Ledger.Source.PROC, 0, requests));
        entries.add(entry(Ledger.RING_REQUESTS, Ledger.Group.IO_URING, Ledger.Source.RING, ring ? 2.9 : 0, requests));
        if (ring) {
            entries.add(entry("ring reads", Ledger.Group.ENGINE, Ledger.Source.ENGINE, chunks, requests));
        }
        return new Ledger(
                1.003,
                requests,
                entries,
                List.of("recvfrom", "sendto", "sendfile", "pread64", "writev", "epoll_pwait2", "io_uring_enter"),
                Measured.of(0),
                List.of());
    }

    private static Ledger.Entry call(String name, double perRequest, double requests) {
        return entry(name, Ledger.Group.CALLS, Ledger.Source.TRACEPOINT, perRequest, requests);
    }

    private static Ledger.Entry entry(
            String name, Ledger.Group group, Ledger.Source source, double perRequest, double requests) {
        return new Ledger.Entry(
                name,
                group,
                "calls",
                source,
                Ledger.Scope.PROCESS,
                Measured.of(perRequest * requests),
                Measured.of(perRequest));
    }
}
