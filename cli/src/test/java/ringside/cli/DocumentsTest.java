package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/// What the documents say of files and commands is so: links lead somewhere, command lines are understood, and the
/// lists are whole. What a command then does is not tried here.
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?\n(.*?)^ *```");
    private static final Pattern SPAN = Pattern.compile("`(\\./ringside [^`]+)`");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `\\./ringside (\\w+)");
    private static final Pattern RECORD = Pattern.compile("(?m)^\\| \\[\\d{4}]\\((\\S+)\\)");

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                if (!link.group(1).contains("://") && !leadsSomewhere(document, link.group(1))) {
                    dead.add(ROOT.relativize(document) + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), dead);
    }

    /// @param link `path`, `path#heading` or `#heading`
    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        String path = link.replaceFirst("#.*", "");
        Path target = path.isEmpty() ? document : document.resolveSibling(path);
        if (!link.contains("#")) {
            return Files.exists(target);
        }
        String heading = link.replaceFirst(".*#", "");
        return Files.isRegularFile(target)
                && HEADING.matcher(Files.readString(target))
                        .results()
                        .anyMatch(found -> anchor(found.group(1)).equals(heading));
    }

    /// As the usual renderers of Markdown make them.
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }

    @Test
    void commandLinesAreUnderstood() throws IOException {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (MatchResult block : FENCED.matcher(text).results().toList()) {
                for (String line : block.group(1).replace("\\\n", " ").lines().toList()) {
                    if (line.strip().startsWith("./ringside ")) {
                        tried++;
                        misunderstood(line, false).ifPresent(why -> wrong.add(ROOT.relativize(document) + ": " + why));
                    }
                }
            }
            for (MatchResult span :
                    SPAN.matcher(FENCED.matcher(text).replaceAll("")).results().toList()) {
                tried++;
                misunderstood(span.group(1), true).ifPresent(why -> wrong.add(ROOT.relativize(document) + ": " + why));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(tried > 50, tried + " command lines: are they written in another way now?");
    }

    /// @param mention in a sentence: `bench --resume` says enough there, and so does `verify --replace COUNT`
    private static Optional<String> misunderstood(String line, boolean mention) {
        String[] words = WORD.matcher(
                        line.strip().replaceFirst("\\s# .*|\\s#$", "").replace("…", ""))
                .results()
                .skip(1)
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .filter(word -> !(mention && word.matches("[A-Z]+")))
                .toArray(String[]::new);
        try {
            Main.commandLine(words).parseArgs(words);
        } catch (MissingParameterException e) {
            return mention ? Optional.empty() : Optional.of(line + ": " + e.getMessage());
        } catch (ParameterException e) {
            return Optional.of(line + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    @Test
    void theTableOfCommandsIsWhole() throws IOException {
        Set<String> listed = ROW.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> there = Main.commandLine().getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden() && !spec.helpCommand())
                .map(CommandLine.Model.CommandSpec::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, listed);
    }

    @Test
    void theListOfDecisionsIsWholeAndInOrder() throws IOException {
        Path directory = ROOT.resolve("docs/decisions");
        List<String> listed = RECORD.matcher(Files.readString(directory.resolve("README.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("README.md"))
                            .sorted()
                            .toList(),
                    listed);
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        for (String directory : List.of("docs", "kernel-notes", "results")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.startsWith(ROOT.resolve("results/local")))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }
}
