package ringside.bench.trial;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import ringside.bench.peer.Peer;
import ringside.bench.result.Side;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// A server that takes part: one of our engines on a transport, a peer that is installed, or one of these once more.
public sealed interface Contender {

    /// @param asker what drives it
    Side side(Asker asker);

    /// Our server.
    record Ours(ChosenEngine engine, Transport transport) implements Contender {

        @Override
        public Side side(Asker asker) {
            Map<String, String> options = changedOptions();
            String suffix = options.isEmpty()
                    ? ""
                    : ":"
                            + String.join(
                                    ",",
                                    options.entrySet().stream()
                                            .map(Object::toString)
                                            .toList());
            return new Side(
                    asker.label(engine.name() + suffix + "/" + transport.id()),
                    Side.Kind.ENGINE,
                    engine.name(),
                    options,
                    transport.id(),
                    asker.id());
        }

        /// What `--engine` takes: the name, and the options that aren't at their defaults.
        String argument() {
            String options = String.join(
                    ",",
                    changedOptions().entrySet().stream().map(Object::toString).toList());
            return options.isEmpty() ? engine.name() : engine.name() + ":" + options;
        }

        private Map<String, String> changedOptions() {
            Map<String, String> changed = new TreeMap<>();
            engine.options().values().forEach((option, value) -> {
                if (value != option.defaultValue()) {
                    changed.put(option.name(), option.text(value));
                }
            });
            return changed;
        }
    }

    /// Somebody else's.
    ///
    /// @param program where it is installed
    record Theirs(Peer peer, Path program) implements Contender {

        @Override
        public Side side(Asker asker) {
            return new Side(asker.label(peer.name()), Side.Kind.PEER, peer.name(), Map.of(), peer.name(), asker.id());
        }
    }

    /// The A/A arm: another contender once more. The same server, started alike, with launches of its own.
    record Twin(Contender of) implements Contender {

        @Override
        public Side side(Asker asker) {
            Side side = of.side(asker);
            return side.named("A/A " + side.label());
        }
    }
}
