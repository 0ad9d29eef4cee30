package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// An engine is its file, a contract test, a line in the registry and a page in `kernel-notes`: none of them
/// without the others.
final class EnginesTest {

    private static final int NOTE_LINES_MAX = 60;
    private static final Path NOTES = Path.of("").toAbsolutePath().resolveSibling("kernel-notes");

    @Test
    void everyEngineIsHeldToTheContract() throws ReflectiveOperationException {
        for (Engine engine : Engines.ALL) {
            StringBuilder name = new StringBuilder("ringside.engines.");
            for (String word : engine.spec().name().split("-", -1)) {
                name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
            }
            EngineContract contract = Class.forName(name + "EngineTest")
                    .asSubclass(EngineContract.class)
                    .getDeclaredConstructor()
                    .newInstance();
            assertEquals(engine, contract.engine());
        }
    }

    @Test
    void everyEngineHasItsNote() throws IOException {
        String contents = Files.readString(NOTES.resolve("README.md"));
        for (Engine engine : Engines.ALL) {
            String file = engine.spec().name() + ".md";
            List<String> lines = Files.readAllLines(NOTES.resolve(file));
            assertTrue(lines.getFirst().startsWith("# " + engine.spec().name()), file + ": " + lines.getFirst());
            assertTrue(lines.size() < NOTE_LINES_MAX, file + " has " + lines.size() + " lines");
            assertTrue(contents.contains("(" + file + ")"), "kernel-notes/README.md doesn't list " + file);
            for (EngineOption option : engine.spec().options()) {
                assertTrue(String.join("\n", lines).contains("`" + option.name()), file + ": " + option.name());
            }
        }
    }

    @Test
    void everyEngineOfThePackageIsRegistered() throws IOException {
        Set<String> registered = new HashSet<>();
        Engines.ALL.forEach(engine -> registered.add(engine.getClass().getSimpleName() + ".java"));
        Path sources = Path.of("src/main/java/ringside/engines").toAbsolutePath();
        try (Stream<Path> files = Files.list(sources)) {
            List<String> engines = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Engine.java"))
                    .filter(file -> !Set.of(
                                    "Engine.java",
                                    "LoopEngine.java",
                                    "ReadingEngine.java",
                                    "SendingEngine.java",
                                    "ChosenEngine.java")
                            .contains(file))
                    .toList();
            assertFalse(engines.isEmpty());
            assertEquals(registered, new HashSet<>(engines));
        }
    }

    @Test
    void namesAndAliasesAreUnique() {
        Set<String> names = new HashSet<>();
        for (Engine engine : Engines.ALL) {
            assertTrue(names.add(engine.spec().name()), engine.spec().name());
            engine.spec().aliases().forEach(alias -> assertTrue(names.add(alias), alias));
            assertEquals(engine, Engines.byName(engine.spec().name()));
        }
    }
}
