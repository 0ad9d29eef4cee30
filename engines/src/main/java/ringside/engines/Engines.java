package ringside.engines;

import java.util.List;
import java.util.stream.Collectors;

/// The registry: an explicit list, in the order of listings and reports.
public final class Engines {

    public static final List<Engine> ALL = List.of(
            new MemoryEngine(),
            new BlockingEngine(),
            new SendfileEngine(),
            new OffloadEngine(),
            new VirtualEngine(),
            new MmapEngine(),
            new NowaitEngine(),
            new AioEngine(),
            new LinuxAioEngine(),
            new UringEngine(),
            new UringSpliceEngine(),
            new UringZcEngine(),
            new DirectEngine(),
            new UringDirectEngine());

    private Engines() {}

    /// @param name an engine's name, or the alias of a seed system
    /// @throws IllegalArgumentException with a message for a person when there is no such engine
    public static Engine byName(String name) {
        return ALL.stream()
                .filter(engine -> engine.spec().answersTo(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown engine '" + name + "'. Choose one of: "
                        + ALL.stream().map(engine -> engine.spec().name()).collect(Collectors.joining(", "))
                        + " (./ringside engines explains them)"));
    }
}
