package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.report.Words;
import ringside.engines.ByteSize;

/// What was counted, as a section of a page of `kernel-notes`: a table with a line for each explanation.
public final class MarkdownCounts {

    private MarkdownCounts() {}

    /// @param explanations of one engine
    public static String render(List<Explanation> explanations) {
        Explanation first = explanations.getFirst();
        StringBuilder page = new StringBuilder();
        page.append("**Measured** for one request of ")
                .append(ByteSize.name(first.sizeBytes()))
                .append(", Linux ")
                .append(first.kernelRelease())
                .append(": `./ringside explain ")
                .append(first.side(), 0, first.side().lastIndexOf('/'))
                .append("`.\n\n");
        page.append("| on | system calls | ring | bytes | page cache, device |\n|---|---|---|---|---|\n");
        for (Explanation explanation : explanations) {
            Totals totals = explanation.timeline().totals();
            page.append("| ")
                    .append(explanation.side().substring(explanation.side().lastIndexOf('/') + 1))
                    .append(explanation.cold() ? ", cold" : "")
                    .append(" | ")
                    .append(calls(totals))
                    .append(" | ")
                    .append(ring(totals))
                    .append(" | ")
                    .append(bytes(totals))
                    .append(" | ")
                    .append(storage(totals))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String calls(Totals totals) {
        List<String> names = new ArrayList<>();
        totals.calls().forEach((name, count) -> names.add(count == 1 ? name : count + " " + name));
        return totals.callCount() + ": " + String.join(", ", names);
    }

    private static String ring(Totals totals) {
        if (totals.submissions() + totals.completions() == 0) {
            return "–";
        }
        return totals.submissions() + " in, " + totals.completions() + " out, " + totals.punts() + " to io-wq";
    }

    private static String bytes(Totals totals) {
        List<String> ways = new ArrayList<>();
        way(ways, totals.readBytes(), "copied in");
        way(ways, totals.directBytes(), "by the device");
        way(ways, totals.sentBytes(), "copied out");
        way(ways, totals.kernelBytes(), "within the kernel");
        way(ways, totals.zeroCopyBytes(), totals.copiedAfterAll() > 0 ? "zero-copy, copied after all" : "zero-copy");
        return String.join(", ", ways);
    }

    private static String storage(Totals totals) {
        if (totals.pagesAdded() + totals.blockRequests() + totals.faults() == 0) {
            return "–";
        }
        List<String> parts = new ArrayList<>();
        if (totals.pagesAdded() > 0) {
            parts.add(Words.count(totals.pagesAdded(), "page in", "pages in"));
        }
        if (totals.faults() > 0) {
            parts.add(Words.count(totals.faults(), "fault", "faults"));
        }
        if (totals.blockRequests() > 0) {
            parts.add(Words.count(totals.blockRequests(), "request", "requests") + " of "
                    + ByteSize.name(totals.blockBytes()));
        }
        return String.join(", ", parts);
    }

    private static void way(List<String> ways, long bytes, String how) {
        if (bytes > 0) {
            ways.add(ByteSize.name(bytes) + " " + how);
        }
    }
}
