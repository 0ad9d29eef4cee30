package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// One of the servers that are compared: an engine on a transport, or a peer.
///
/// @param label what tables and plots call it, unique within a run: `uring/io_uring`, `nginx`
/// @param kind ours or a peer
/// @param engine the engine's name; for a peer the peer's name
/// @param engineOptions settings that differ from their defaults
/// @param transport `nio`, `epoll`, `io_uring`; for a peer the name of its configuration, such as `nginx-read`
/// @param generator who asked: `builtin`, `wrk`
public record Side(
        String label, Kind kind, String engine, Map<String, String> engineOptions, String transport, String generator) {
    public enum Kind {
        @JsonProperty("engine")
        ENGINE,
        @JsonProperty("peer")
        PEER
    }

    public Side {
        engineOptions = Collections.unmodifiableMap(new TreeMap<>(engineOptions));
        Require.text("label", label);
        Require.text("engine", engine);
        Require.text("transport", transport);
        Require.text("generator", generator);
    }

    /// Asked by the built-in generator, with the engine's default options.
    public static Side engine(String engine, String transport) {
        return new Side(engine + "/" + transport, Kind.ENGINE, engine, Map.of(), transport, "builtin");
    }

    /// Asked by the built-in generator.
    public static Side peer(String name) {
        return new Side(name, Kind.PEER, name, Map.of(), name, "builtin");
    }
}
