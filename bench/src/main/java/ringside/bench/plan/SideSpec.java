package ringside.bench.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import ringside.bench.peer.Peers;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// One side of a comparison, described by a name and keys; the same keys in a flag and in a plan file:
///
/// ```
/// --side 'old=commit:v1.2;engine:sendfile'        sides:
///                                                   - name: old
///                                                     commit: v1.2
///                                                     engine: sendfile
/// ```
///
/// Exactly one of these says what serves: nothing (this ringside), `jar`, `commit`, `peer`, `command`.
///
/// @param name its label: letters, digits, `.`, `_`, `-`, `+`
/// @param values of the keys that are given
public record SideSpec(String name, Map<Key, String> values) {

    /// The engine of a side that doesn't name one.
    public static final String ENGINE_USUAL = "sendfile";

    /// The transport of a side that doesn't name one.
    public static final String TRANSPORT_USUAL = "epoll";

    /// What may be said of a side, in the order in which it is written.
    public enum Key {
        /// `uring:queue-depth=32`
        ENGINE("engine"),
        /// `io_uring`
        TRANSPORT("transport"),
        /// Path of a ringside.jar.
        JAR("jar"),
        /// Anything that git rev-parse(1) takes.
        COMMIT("commit"),
        /// One of [Peers#ALL].
        PEER("peer"),
        /// JVM flags, separated by blanks.
        JVM("jvm"),
        /// A shell command in which `{port}` and `{root}` are filled in. In a flag it comes last, since it takes the
        /// rest.
        COMMAND("command");

        private final String text;

        Key(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static Optional<Key> byText(String text) {
            return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
        }

        static List<String> texts() {
            return Arrays.stream(values()).map(Key::text).toList();
        }
    }

    public SideSpec {
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(values));
        if (!name.matches("[A-Za-z0-9._+-]{1,40}")) {
            throw new IllegalArgumentException(
                    "'" + name + "' can't be the name of a side: use up to 40 letters, digits, '.', '_', '-' and '+'");
        }
        List<String> servers = new ArrayList<>();
        for (Key key : List.of(Key.JAR, Key.COMMIT, Key.PEER, Key.COMMAND)) {
            if (values.containsKey(key)) {
                servers.add(key.text);
            }
        }
        if (servers.size() > 1) {
            throw new IllegalArgumentException(
                    "side " + name + " has both " + String.join(" and ", servers) + ": one of them says what serves");
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException(
                    "side " + name + " says nothing: give one of " + String.join(", ", Key.texts()));
        }
        boolean ours = !values.containsKey(Key.PEER) && !values.containsKey(Key.COMMAND);
        for (Key key : List.of(Key.ENGINE, Key.TRANSPORT, Key.JVM)) {
            if (!ours && values.containsKey(key)) {
                throw new IllegalArgumentException(
                        "side %s is a %s, which has no %s: leave it out".formatted(name, servers.getFirst(), key.text));
            }
        }
        values.forEach((key, value) -> {
            if (value.isBlank()) {
                throw new IllegalArgumentException("side " + name + " has an empty " + key.text);
            }
        });
        check(name, values);
    }

    private static void check(String name, Map<Key, String> values) {
        // A build of another time may have engines and transports that this one doesn't know.
        boolean foreign = values.containsKey(Key.JAR) || values.containsKey(Key.COMMIT);
        String engine = values.get(Key.ENGINE);
        if (engine != null && !foreign) {
            ChosenEngine.parse(engine);
        }
        String transport = values.get(Key.TRANSPORT);
        if (transport != null && !foreign) {
            Transport.byId(transport);
        }
        String peer = values.get(Key.PEER);
        if (peer != null) {
            Peers.byName(peer);
        }
        String command = values.get(Key.COMMAND);
        if (command != null && !command.contains("{port}")) {
            throw new IllegalArgumentException("the command of side " + name
                    + " doesn't say {port}: it is asked on a free port that changes from trial to trial");
        }
    }

    /// @param text `NAME=KEY:VALUE`, with further `;KEY:VALUE`
    /// @throws IllegalArgumentException a sentence for a person
    public static SideSpec parse(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("'" + text + "' describes no side. Write NAME=KEY:VALUE;KEY:VALUE, such"
                    + " as old=commit:HEAD~1;engine:sendfile");
        }
        Map<Key, String> values = new EnumMap<>(Key.class);
        String rest = text.substring(equals + 1);
        while (!rest.isEmpty()) {
            int colon = rest.indexOf(':');
            Key key = key(colon < 0 ? rest : rest.substring(0, colon));
            if (colon < 0) {
                throw new IllegalArgumentException(
                        "'" + rest + "' of '" + text + "' has no value: write " + rest + ":VALUE");
            }
            int end = key == Key.COMMAND ? -1 : rest.indexOf(';', colon);
            String value = end < 0 ? rest.substring(colon + 1) : rest.substring(colon + 1, end);
            if (values.put(key, value) != null) {
                throw new IllegalArgumentException("'" + text + "' has two of " + key.text);
            }
            rest = end < 0 ? "" : rest.substring(end + 1);
        }
        return new SideSpec(text.substring(0, equals), values);
    }

    /// @throws IllegalArgumentException a sentence with the nearest right word
    static Key key(String text) {
        return Key.byText(text)
                .orElseThrow(() -> new IllegalArgumentException("unknown key '" + text + "' of a side. "
                        + Nearest.sentence(text, Key.texts())
                        + Key.texts().stream().collect(Collectors.joining(", ", "Keys: ", ""))));
    }

    public Optional<String> value(Key key) {
        return Optional.ofNullable(values.get(key));
    }

    /// Flags of its JVM beside the usual ones.
    public List<String> jvmFlags() {
        return value(Key.JVM)
                .map(flags -> List.of(flags.strip().split("\\s+", -1)))
                .orElse(List.of());
    }
}
