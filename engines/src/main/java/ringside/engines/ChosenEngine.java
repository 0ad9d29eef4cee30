package ringside.engines;

import java.util.ArrayList;
import java.util.List;

/// An engine with the options it is to run with: what `--engine uring:queue-depth=128` says.
public record ChosenEngine(Engine engine, EngineOptions options) {

    /// Reads `name` or `name:option=value,option=value`.
    ///
    /// @throws IllegalArgumentException with a message for a person
    public static ChosenEngine parse(String text) {
        int colon = text.indexOf(':');
        Engine engine = Engines.byName((colon < 0 ? text : text.substring(0, colon)).strip());
        EngineOptions options = EngineOptions.parse(engine.spec(), colon < 0 ? "" : text.substring(colon + 1));
        engine.check(options);
        return new ChosenEngine(engine, options);
    }

    /// Reads a list of them, `blocking,uring:queue-depth=64,chunk-bytes=1m,aio`: a part that is an option and
    /// doesn't name an engine belongs to the engine before it.
    ///
    /// @throws IllegalArgumentException with a message for a person; also when the same engine with the same
    ///     options comes twice
    public static List<ChosenEngine> parseList(String text) {
        List<ChosenEngine> chosen = new ArrayList<>();
        StringBuilder engine = new StringBuilder();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            int equals = part.indexOf('=');
            boolean continues = equals >= 0 && (colon < 0 || colon > equals);
            if (!continues && !engine.isEmpty()) {
                add(chosen, engine.toString());
                engine.setLength(0);
            }
            if (continues && engine.isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + part + "' comes before any engine. Write the engine first: " + "blocking:" + part);
            }
            if (part.isBlank()) {
                throw new IllegalArgumentException("the list of engines '" + text + "' has an empty entry. Write it as "
                        + "blocking,aio:threads=8,sendfile");
            }
            // The first option follows the name at a colon, whether or not the person wrote a comma there.
            boolean first = continues && engine.indexOf(":") < 0;
            engine.append(continues ? first ? ":" : "," : "").append(part.strip());
        }
        add(chosen, engine.toString());
        return List.copyOf(chosen);
    }

    private static void add(List<ChosenEngine> chosen, String text) {
        ChosenEngine engine = parse(text);
        if (chosen.contains(engine)) {
            throw new IllegalArgumentException("engine '" + text + "' is in the list twice");
        }
        chosen.add(engine);
    }

    public String name() {
        return engine.spec().name();
    }
}
