package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import ringside.bench.report.Ranking.Row;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Point;

/// The lowest of our engines that read the file each time, against the peers: one line for each of the two costs.
///
/// @param cost `CPU` or `core busy`
/// @param engine the lowest engine by this cost
/// @param micros its median per request
/// @param peers each peer with the engine's cost relative to the peer's, cheapest peer first
record PeerComparison(String cost, String engine, double micros, int launchesMin, List<Against> peers) {

    /// @param ratio the engine's median / the peer's median
    record Against(String peer, double ratio) {}

    PeerComparison {
        peers = List.copyOf(peers);
    }

    /// Nothing when no peer or no engine has a known cost. Where several generators asked, by the first.
    static List<PeerComparison> of(Ranking all) {
        List<PeerComparison> lines = new ArrayList<>();
        if (!all.rows().isEmpty()) {
            Ranking ranking = all.byGenerator().getFirst();
            by("CPU", ranking, Point::cpuMicros).ifPresent(lines::add);
            by("core busy", ranking, Point::coreBusyMicros).ifPresent(lines::add);
        }
        return lines;
    }

    private static Optional<PeerComparison> by(String cost, Ranking ranking, Function<Point, Spread> quantity) {
        List<Point> ours = new ArrayList<>();
        List<Point> theirs = new ArrayList<>();
        for (Row row : ranking.rows()) {
            if (row.isRanked() && quantity.apply(row.point()) instanceof Spread.Over) {
                (row.point().side().kind() == Side.Kind.ENGINE ? ours : theirs).add(row.point());
            }
        }
        Optional<Point> engine = Ranking.lowest(ours, quantity);
        if (engine.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        double micros = median(engine.get(), quantity);
        theirs.sort(java.util.Comparator.comparingDouble(peer -> median(peer, quantity)));
        int launches = Math.min(
                engine.get().valid(),
                theirs.stream().mapToInt(Point::valid).min().orElse(0));
        return Optional.of(new PeerComparison(
                cost,
                engine.get().side().label(),
                micros,
                launches,
                theirs.stream()
                        .filter(peer -> median(peer, quantity) > 0)
                        .map(peer -> new Against(peer.side().label(), micros / median(peer, quantity)))
                        .toList()));
    }

    private static double median(Point point, Function<Point, Spread> quantity) {
        return quantity.apply(point) instanceof Spread.Over over ? over.median() : Double.NaN;
    }

    /// `0.83× lighttpd, 0.79× nginx`.
    String ratios() {
        return peers.stream()
                .map(against -> Words.ratio(against.ratio()) + " " + against.peer())
                .collect(java.util.stream.Collectors.joining(", "));
    }

    /// `by CPU: sendfile/epoll takes 4.93 µs, 0.83× lighttpd, 0.79× nginx (2 launches a side).`
    String sentence() {
        return "by %s: %s takes %s µs, %s (%s)."
                .formatted(
                        cost,
                        engine,
                        Words.digits(micros),
                        ratios(),
                        Words.count(launchesMin, "launch", "launches a side"));
    }
}
