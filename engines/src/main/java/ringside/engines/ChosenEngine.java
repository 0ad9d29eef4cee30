package ringside.engines;

/// An engine with the options it is to run with: what `--engine uring:queue-depth=128` says.
public record ChosenEngine(Engine engine, EngineOptions options) {

    /// Reads `name` or `name:option=value,option=value`.
    ///
    /// @throws IllegalArgumentException with a message for a person
    public static ChosenEngine parse(String text) {
        int colon = text.indexOf(':');
        Engine engine = Engines.byName(colon < 0 ? text : text.substring(0, colon));
        return new ChosenEngine(engine, EngineOptions.parse(engine.spec(), colon < 0 ? "" : text.substring(colon + 1)));
    }

    public String name() {
        return engine.spec().name();
    }
}
