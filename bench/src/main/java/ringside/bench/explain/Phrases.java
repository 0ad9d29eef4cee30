package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.report.Words;
import ringside.engines.ByteSize;

/// What every form of an explanation says in words.
final class Phrases {

    private Phrases() {}

    /// `64 KiB, hot cache, Linux 6.18.44; 5 of 5 requests went like this one`.
    static String circumstances(Explanation explanation) {
        return ByteSize.name(explanation.sizeBytes()) + ", " + (explanation.cold() ? "cold" : "hot") + " cache ("
                + explanation.cachedPages() + " of " + explanation.totalPages() + " pages there), Linux "
                + explanation.kernelRelease() + "; " + alike(explanation);
    }

    static String alike(Explanation explanation) {
        return explanation.alike() + " of " + Words.count(explanation.requests(), "request", "requests")
                + (explanation.alike() == 1 ? " went this way" : " went this way, this one the least disturbed");
    }

    /// `4 system calls: epoll_pwait2, pread64, recvfrom, sendto`.
    static String calls(Totals totals) {
        if (totals.calls().isEmpty()) {
            return "no system calls";
        }
        List<String> names = new ArrayList<>();
        totals.calls().forEach((name, count) -> names.add(count == 1 ? name : count + " × " + name));
        return Words.count(totals.callCount(), "system call", "system calls") + ": " + String.join(", ", names);
    }

    /// `2 submissions, 2 completions, none handed to io-wq`; empty when there is no ring.
    static String ring(Totals totals) {
        if (totals.submissions() + totals.completions() == 0) {
            return "";
        }
        return Words.count(totals.submissions(), "submission", "submissions") + ", "
                + Words.count(totals.completions(), "completion", "completions") + ", "
                + (totals.punts() == 0 ? "none" : totals.punts()) + " handed to io-wq"
                + (totals.polls() == 0 ? "" : ", " + totals.polls() + " waited for their descriptor");
    }

    /// `64 KiB page cache → buffer, 65719 B buffer → socket`.
    static String bytes(Totals totals) {
        List<String> ways = new ArrayList<>();
        way(ways, totals.readBytes(), "copied from the page cache into a buffer");
        way(ways, totals.directBytes(), "from the device into a buffer");
        way(ways, totals.sentBytes(), "copied from a buffer into the socket");
        way(ways, totals.kernelBytes(), "moved into the socket within the kernel");
        way(
                ways,
                totals.zeroCopyBytes(),
                "offered to the socket without a copy"
                        + (totals.copiedAfterAll() > 0 ? " (and copied after all)" : ""));
        return String.join(", ", ways);
    }

    /// `16 pages into the page cache, 1 request of 64 KiB to the device`.
    static String storage(Totals totals) {
        List<String> parts = new ArrayList<>();
        parts.add(
                totals.pagesAdded() == 0
                        ? "no pages into the page cache"
                        : Words.count(totals.pagesAdded(), "page", "pages") + " into the page cache");
        parts.add(
                totals.blockRequests() == 0
                        ? "no requests to the device"
                        : Words.count(totals.blockRequests(), "request", "requests") + " to the device, "
                                + ByteSize.name(totals.blockBytes()));
        if (totals.faults() > 0) {
            parts.add(Words.count(totals.faults(), "page fault", "page faults") + " on the file");
        }
        return String.join(", ", parts);
    }

    /// `the engine counted: ring reads 1, zero-copy sends 1`; empty when it counts nothing.
    static String engine(Explanation explanation) {
        List<String> counts = new ArrayList<>();
        explanation.engineCounts().forEach((name, count) -> counts.add(name + " " + count));
        return counts.isEmpty() ? "" : "the engine counted: " + String.join(", ", counts);
    }

    /// `48 µs in the kernel and 61 µs outside, of 112 µs until all was sent`.
    static String time(Explanation explanation) {
        Totals totals = explanation.timeline().totals();
        StringBuilder text = new StringBuilder();
        text.append(totals.kernelMicros()).append(" µs of CPU within system calls, ");
        text.append(totals.userMicros()).append(" µs outside");
        if (totals.workerMicros() > 0) {
            text.append(", ").append(totals.workerMicros()).append(" µs on the kernel's own threads");
        }
        text.append("; all was sent after ")
                .append(explanation.timeline().spanMicros())
                .append(" µs");
        if (totals.preemptedMicros() > 0) {
            text.append(" (").append(totals.preemptedMicros()).append(" µs of waiting for a CPU)");
        }
        return text.toString();
    }

    /// `12 calls on 5 other threads left out: C1 CompilerThre 4, …`; empty when there are none.
    static String others(Timeline timeline) {
        Timeline.Others others = timeline.others();
        if (others.calls() == 0) {
            return "";
        }
        List<String> names = new ArrayList<>();
        others.byThread().forEach((name, calls) -> names.add(name + " " + calls));
        return Words.count(others.calls(), "call", "calls") + " on "
                + Words.count(others.byThread().size(), "other thread", "other threads") + " left out ("
                + String.join(", ", names) + ")";
    }

    /// `loop-1` of `ringside-loop-1`; the kernel keeps 15 characters of a name, the last of which may be a dash.
    static String threadName(Timeline timeline, int threadId) {
        return timeline.name(threadId).replaceFirst("^ringside-", "").replaceFirst("-+$", "");
    }

    private static void way(List<String> ways, long bytes, String how) {
        if (bytes > 0) {
            ways.add(ByteSize.name(bytes) + " " + how);
        }
    }
}
