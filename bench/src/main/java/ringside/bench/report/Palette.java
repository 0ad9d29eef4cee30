package ringside.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.result.Side;

/// One colour per transport and per peer, the same through the whole page; the engine is always named in words
/// beside it.
///
/// Fourteen engines × three transports are more than any eye tells apart by hue. Hues are those of Okabe and
/// Ito, "Color Universal Design" (2008), darkened for a light page and lightened for a dark one; sides that
/// share a hue differ by dashes.
final class Palette {
    private static final List<String> DASHES = List.of("none", "6 3", "2 3", "8 3 2 3");
    private static final Map<String, String> TRANSPORTS = Map.of("epoll", "c0", "nio", "c1", "io_uring", "c2");
    private static final int HUES = 8;

    private final Map<Side, String> hues = new LinkedHashMap<>();
    private final Map<Side, String> dashes = new LinkedHashMap<>();

    Palette(List<Side> sides) {
        Map<String, String> others = new LinkedHashMap<>();
        Map<String, Integer> used = new LinkedHashMap<>();
        for (Side side : sides) {
            String hue = side.kind() == Side.Kind.ENGINE ? TRANSPORTS.get(side.transport()) : null;
            if (hue == null) {
                int next = TRANSPORTS.size() + others.size() % (HUES - TRANSPORTS.size());
                hue = others.computeIfAbsent(side.kind() + side.label(), _ -> "c" + next);
            }
            hues.put(side, hue);
            String panel = panelOf(side) + hue;
            int nth = used.merge(panel, 1, Integer::sum) - 1;
            dashes.put(side, DASHES.get(nth % DASHES.size()));
        }
    }

    /// Sides that are shown together: one panel per engine, one for all peers.
    static String panelOf(Side side) {
        return side.kind() == Side.Kind.PEER ? "peers" : side.engine();
    }

    /// CSS class that sets `--c`.
    String hue(Side side) {
        return hues.getOrDefault(side, "c0");
    }

    /// The same by label; of one that isn't among the sides, the first.
    String hue(String label) {
        return hues.entrySet().stream()
                .filter(entry -> entry.getKey().label().equals(label))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("c0");
    }

    /// For maps, where a colour stands for a side alone: by label, in the order of sides. More than eight share them.
    Map<String, String> mapHues() {
        Map<String, String> byLabel = new LinkedHashMap<>();
        for (Side side : hues.keySet()) {
            byLabel.put(side.label(), "c" + byLabel.size() % HUES);
        }
        return byLabel;
    }

    /// Value for `stroke-dasharray`.
    String dash(Side side) {
        return dashes.getOrDefault(side, "none");
    }

    /// The legend's entries, in order of appearance: words and CSS class.
    List<Map.Entry<String, String>> legend() {
        Map<String, String> entries = new LinkedHashMap<>();
        hues.forEach((side, hue) ->
                entries.putIfAbsent(side.kind() == Side.Kind.PEER ? side.label() : side.transport(), hue));
        return new ArrayList<>(entries.entrySet());
    }
}
