package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Style as a test. `mvn -pl cli -am test -Dtest=TidyTest -Dtidy.fix=true -Dsurefire.failIfNoSpecifiedTests=false`
/// formats what isn't.
///
/// The formatter needs the javac of the language it formats, so it runs here, on the JDK of the tests, and not inside
/// Maven, which may run on an older one.
class TidyTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LINES_MAX = 500;
    private static final List<String> VAGUE = List.of("Util", "Utils", "Impl", "Common", "Helper", "Manager");

    @Test
    void sourcesAreFormatted() throws IOException, FormatterException {
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<Path> wrong = new ArrayList<>();
        for (Path source : sources()) {
            String text = Files.readString(source);
            String tidy = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.PALANTIR)));
            requireWholeDocs(source, text, tidy);
            if (!tidy.equals(text)) {
                wrong.add(ROOT.relativize(source));
                if (Boolean.getBoolean("tidy.fix")) {
                    Files.writeString(source, tidy);
                }
            }
        }
        if (!wrong.isEmpty() && !Boolean.getBoolean("tidy.fix")) {
            fail("not formatted (run with -Dtidy.fix=true to mend): " + wrong);
        }
    }

    /// The formatter breaks lines of `///` that are too long for it, and goes on without the `///`.
    private static void requireWholeDocs(Path source, String text, String tidy) {
        List<String> kept = docs(tidy);
        for (String line : docs(text)) {
            assertTrue(kept.contains(line), () -> ROOT.relativize(source) + ": break this line by hand: " + line);
        }
    }

    private static List<String> docs(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("///"))
                .toList();
    }

    @Test
    void filesAreShortAndNamedForWhatTheyAre() throws IOException {
        for (Path source : sources()) {
            String name = source.getFileName().toString().replace(".java", "");
            try (Stream<String> lines = Files.lines(source)) {
                long count = lines.count();
                assertTrue(count <= LINES_MAX, name + " has " + count + " lines: cut it along a seam");
            }
            for (String vague : VAGUE) {
                assertTrue(!name.endsWith(vague), name + ": say what it is");
            }
        }
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        for (Path source : sources()) {
            String text = Files.readString(source);
            for (String mark : List.of("TO" + "DO", "FIX" + "ME", "X" + "XX")) {
                assertTrue(!text.contains(mark), ROOT.relativize(source) + " has a " + mark);
            }
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : List.of("linux", "content", "engines", "server", "loadtest", "bench", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
            }
        }
        assertTrue(found.size() > 20, "the sources were not found below " + ROOT);
        return found;
    }
}
