package ringside.bench.plan;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import ringside.bench.result.Load;
import ringside.bench.result.Workload;

/// What a crossover map can be drawn over.
public enum Axis {
    SIZE("size", "1k,16k,256k,1m"),
    CONNECTIONS("connections", "1,16,256"),
    RATE("rate", ""),
    CACHE("cache", "");

    private final String text;
    private final String usual;

    Axis(String text, String usual) {
        this.text = text;
        this.usual = usual;
    }

    public String text() {
        return text;
    }

    /// What is tried along it when nothing is said.
    List<String> usual() {
        return usual.isEmpty() ? List.of() : List.of(usual.split(",", -1));
    }

    /// Where a workload lies on it: bytes, connections, requests per second (0 in a closed loop), hot before cold.
    public double of(Workload workload) {
        return switch (this) {
            case SIZE -> workload.fileBytes();
            case CONNECTIONS -> workload.connections();
            case RATE -> workload.load() instanceof Load.Open(double rate) ? rate : 0;
            case CACHE -> workload.cache() == Workload.Cache.HOT ? 0 : 1;
        };
    }

    /// @throws IllegalArgumentException a sentence for a person
    public static Axis parse(String text) {
        return Arrays.stream(values())
                .filter(axis -> axis.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no axis of a map. Choose two of: "
                        + Arrays.stream(values()).map(a -> a.text).collect(Collectors.joining(", "))));
    }
}
