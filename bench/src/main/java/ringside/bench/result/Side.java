package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One of the servers that are compared: an engine on a transport, a peer, or whatever a command starts.
///
/// @param label what tables and plots call it, unique within a run: `uring/io_uring`, `nginx`
/// @param kind ours, a peer, or a command
/// @param engine the engine's name; for a peer the peer's name, for a command the label
/// @param engineOptions settings that differ from their defaults
/// @param transport `nio`, `epoll`, `io_uring`; for a peer the name of its configuration, such as `nginx-read`; for a
///     command the label
/// @param generator who asked: `builtin`, `wrk`
/// @param build the ringside that served: empty for the one that ran the bench, else `commit:HASH` or
///     `jar:PATH, sha-256 HEX`
/// @param jvmFlags of this side's JVM, beside those of [Environment#jvmFlags]
/// @param command how the server was started, as given; empty unless `kind` is [Kind#COMMAND]
public record Side(
        String label,
        Kind kind,
        String engine,
        Map<String, String> engineOptions,
        String transport,
        String generator,
        String build,
        List<String> jvmFlags,
        String command) {
    public enum Kind {
        @JsonProperty("engine")
        ENGINE,
        @JsonProperty("peer")
        PEER,
        @JsonProperty("command")
        COMMAND
    }

    public Side {
        engineOptions = Collections.unmodifiableMap(new TreeMap<>(engineOptions));
        jvmFlags = List.copyOf(jvmFlags);
        Require.text("label", label);
        Require.text("engine", engine);
        Require.text("transport", transport);
        Require.text("generator", generator);
        if (command.isBlank() == (kind == Kind.COMMAND)) {
            throw new IllegalArgumentException("a side has a command when that is its kind, and only then: " + label);
        }
    }

    /// Of the ringside that runs the bench, or a peer.
    public Side(
            String label,
            Kind kind,
            String engine,
            Map<String, String> engineOptions,
            String transport,
            String generator) {
        this(label, kind, engine, engineOptions, transport, generator, "", List.of(), "");
    }

    /// The same server under another name.
    public Side named(String name) {
        return new Side(name, kind, engine, engineOptions, transport, generator, build, jvmFlags, command);
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
