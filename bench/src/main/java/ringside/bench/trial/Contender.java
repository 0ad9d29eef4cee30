package ringside.bench.trial;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.bench.peer.Peer;
import ringside.bench.result.Side;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// A server that takes part: one of our engines on a transport, a peer that is installed, or one that is described
/// on its own.
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

    /// A ringside that is described on its own: another build, JVM flags of its own, or just a name.
    ///
    /// @param engine as its `--engine` takes it; another build may have engines that this one doesn't know
    /// @param transport likewise
    /// @param jvmFlags beside the launcher's; a collector takes the place of the launcher's
    record Built(String name, Build build, String engine, String transport, List<String> jvmFlags)
            implements Contender {

        public Built {
            jvmFlags = List.copyOf(jvmFlags);
        }

        @Override
        public Side side(Asker asker) {
            int colon = engine.indexOf(':');
            Map<String, String> options = new TreeMap<>();
            List<String> given =
                    colon < 0 ? List.of() : List.of(engine.substring(colon + 1).split(",", -1));
            for (String option : given) {
                int equals = option.indexOf('=');
                options.put(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            }
            return new Side(
                    asker.label(name),
                    Side.Kind.ENGINE,
                    colon < 0 ? engine : engine.substring(0, colon),
                    options,
                    transport,
                    asker.id(),
                    build.text(),
                    jvmFlags,
                    "");
        }
    }

    /// Whatever a command starts.
    ///
    /// @param command a line for sh(1) in which `{port}`, `{root}` and `{connections}` are filled in
    record Started(String name, String command) implements Contender {

        @Override
        public Side side(Asker asker) {
            return new Side(
                    asker.label(name), Side.Kind.COMMAND, name, Map.of(), name, asker.id(), "", List.of(), command);
        }
    }

    /// Another contender under another name: a described peer, or the A/A arm, which is the baseline once more, the
    /// same server started alike, with launches of its own.
    record Renamed(String name, Contender of) implements Contender {

        /// The A/A arm of a baseline.
        public static Renamed twin(Contender baseline) {
            return new Renamed("A/A " + baseline.side(Asker.RINGSIDE).label(), baseline);
        }

        @Override
        public Side side(Asker asker) {
            return of.side(asker).named(asker.label(name));
        }
    }
}
