package ringside.engines;

import java.util.List;

/// What an engine is, for listings, help and documents.
///
/// @param name as on the command line
/// @param aliases other names that are accepted: those of the seed system
/// @param bytesWay one line: the way of the bytes from the file to the socket
/// @param avoidWhen one line: when not to use it
/// @param options its own settings
public record EngineSpec(
        String name, List<String> aliases, String bytesWay, String avoidWhen, List<EngineOption> options) {
    public EngineSpec {
        aliases = List.copyOf(aliases);
        options = List.copyOf(options);
        if (!name.matches("[a-z][a-z-]*")) {
            throw new IllegalArgumentException("engine name " + name);
        }
    }

    public boolean answersTo(String nameOrAlias) {
        return name.equals(nameOrAlias) || aliases.contains(nameOrAlias);
    }
}
