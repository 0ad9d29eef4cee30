package ringside.bench.io;

import java.util.Set;
import ringside.engines.Engine;
import ringside.engines.Engines;

/// Which engines read past the page cache (`O_DIRECT`), and which of them to take in place of one that doesn't.
final class DirectReading {

    private static final Set<String> NAMES = Set.of("direct", "uring-direct");

    private DirectReading() {}

    static boolean isOf(Engine engine) {
        return NAMES.contains(engine.spec().name());
    }

    /// The engine that asks the kernel in the same way as `engine`, with `O_DIRECT`: io_uring for io_uring, and
    /// io_submit(2) for everything else.
    static String twinOf(Engine engine) {
        String twin = engine.spec().name().startsWith("uring") ? "uring-direct" : "direct";
        return Engines.ALL.stream().anyMatch(known -> known.spec().name().equals(twin)) ? twin : "direct";
    }
}
