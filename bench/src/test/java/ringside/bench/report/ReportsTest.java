package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;
import ringside.bench.result.UnreadableRunException;

/// Reports against golden files. After an intended change run the tests with
/// `-Dtest.jvm.flags=-Dringside.golden=write` and read the difference before committing it.
class ReportsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String HOSTILE = "<script>alert(1)</script>&\"'|`*_\u001b[31m]]>\u0000\nx";

    @TempDir
    static Path shared;

    private static Run large = SampleRuns.small();

    @TempDir
    Path directory;

    @BeforeAll
    static void generateOnce() {
        large = SampleRuns.large(shared, 3);
    }

    @Test
    void terminalTable() throws IOException {
        Run run = SampleRuns.small(directory);
        ReportedRun reported = ReportedRun.of(run, directory);
        assertGolden("terminal-120.txt", new TerminalTable(120, false, true).render(reported));
        assertGolden("terminal-80-ascii.txt", new TerminalTable(80, false, false).render(reported));
    }

    @Test
    void terminalTableWithTiesCeilingAndManySides() throws IOException {
        assertGolden(
                "terminal-100-many.txt", new TerminalTable(100, false, true).render(ReportedRun.of(large, shared)));
    }

    @Test
    void ledgerInEveryReport() throws Exception {
        Run run = SampleRuns.counted(SampleRuns.engines(directory));
        ReportedRun reported = ReportedRun.of(run, directory);
        assertGolden("terminal-100-ledger.txt", new TerminalTable(100, false, true).render(reported));
        assertGolden("report-ledger.md", MarkdownReport.render(reported));
        Document page = parse(HtmlReport.render(reported));
        assertReferencesResolve(page);
        NodeList tables = page.getElementsByTagName("table");
        int ledgers = 0;
        for (int i = 0; i < tables.getLength(); i++) {
            Element table = (Element) tables.item(i);
            if (table.getAttribute("class").equals("ledger")) {
                ledgers++;
                assertTrue(table.getTextContent().contains("io_uring_enter"), table.getTextContent());
            }
        }
        assertEquals(reported.summary().groups().size(), ledgers);
    }

    @Test
    void everyLineOfALargeLedgerFits() {
        Run run = SampleRuns.counted(large);
        ReportedRun reported = ReportedRun.of(run, shared);
        for (int width : new int[] {80, 100, 140}) {
            for (String line : new TerminalTable(width, false, false)
                    .render(reported)
                    .lines()
                    .toList()) {
                assertTrue(line.length() <= width, line.length() + " > " + width + ": " + line);
                assertTrue(line.matches("[\\x20-\\x7e]*"), line);
            }
        }
    }

    @Test
    void markdown() throws IOException {
        Run run = SampleRuns.small(directory);
        assertGolden("report.md", MarkdownReport.render(ReportedRun.of(run, directory)));
    }

    @Test
    void noTerminalLineIsTooWideAndAsciiIsAscii() {
        ReportedRun reported = ReportedRun.of(large, shared);
        for (int width : new int[] {1, 80, 93, 100, 120, 140, 1000}) {
            int most = Math.clamp(width, 80, 140);
            for (String line : new TerminalTable(width, false, false)
                    .render(reported)
                    .lines()
                    .toList()) {
                assertTrue(line.length() <= most, line.length() + " > " + most + ": " + line);
                assertTrue(line.matches("[\\x20-\\x7e]*"), line);
            }
        }
    }

    @Test
    void coloursOnlyWhenAskedFor() throws IOException {
        Run run = SampleRuns.small(directory);
        ReportedRun reported = ReportedRun.of(run, directory);
        String plain = new TerminalTable(120, false, true).render(reported);
        String coloured = new TerminalTable(120, true, true).render(reported);
        assertFalse(plain.contains("\u001b"));
        Run once = SampleRuns.single(directory);
        assertFalse(
                new TerminalTable(120, true, true)
                        .render(ReportedRun.of(once, directory))
                        .contains("\u001b[32m"),
                "who is alone is no winner");
        Run enough = SampleRuns.generate(
                directory,
                "enough",
                List.of(Side.engine("blocking", "epoll"), Side.peer("nginx")),
                List.of(1024L),
                4,
                List.of(new Load.Closed()),
                7);
        assertTrue(new TerminalTable(120, true, true)
                .render(ReportedRun.of(enough, directory))
                .contains("\u001b[32m"));
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9]*m", ""));
    }

    @Test
    void htmlIsWellFormedSelfContainedAndSmall() throws Exception {
        Run empty = SampleRuns.copy(SampleRuns.small(), false, List.of());
        Run small = SampleRuns.small(directory);
        for (String html : List.of(
                HtmlReport.render(ReportedRun.of(small, directory)),
                HtmlReport.render(ReportedRun.of(large, shared)),
                HtmlReport.render(ReportedRun.of(empty, directory)))) {
            Document document = parse(html);
            assertTrue(html.length() < 3_000_000, "size " + html.length());
            assertFalse(html.contains("http"), "refers to the network");
            assertFalse(html.contains("NaN") || html.contains("Infinity"), "a coordinate isn't a number");
            assertReferencesResolve(document);
            NodeList images = document.getElementsByTagName("svg");
            for (int i = 0; i < images.getLength(); i++) {
                Element svg = (Element) images.item(i);
                if (svg.getAttribute("role").equals("img")) {
                    assertEquals("title", svg.getFirstChild().getNodeName(), "a picture without a name");
                    assertEquals("desc", svg.getFirstChild().getNextSibling().getNodeName(), "a picture without words");
                }
            }
        }
    }

    @Test
    void hostileNamesStayText() throws Exception {
        Side side = new Side(HOSTILE, Side.Kind.PEER, HOSTILE, java.util.Map.of(), HOSTILE, HOSTILE);
        Run run = SampleRuns.generate(
                directory, HOSTILE, List.of(side), List.of(1024L), 2, List.of(new Load.Open(100)), 3);
        ReportedRun reported = ReportedRun.of(run, directory);
        Document document = parse(HtmlReport.render(reported));
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertTrue(document.getElementsByTagName("h1")
                .item(0)
                .getTextContent()
                .contains("<script>alert(1)</script>&\"'|`*_"));
        String terminal = new TerminalTable(100, false, true).render(reported);
        assertFalse(terminal.contains("\u001b") || terminal.contains("\u0000"));
        String markdown = MarkdownReport.render(reported);
        assertFalse(markdown.contains("<script>") || markdown.contains("\u001b"), markdown);
        for (String line : markdown.lines().filter(l -> l.startsWith("| &lt;")).toList()) {
            assertEquals(
                    14, line.replace("\\|", "").chars().filter(c -> c == '|').count(), line);
        }
    }

    @Test
    void writesBothReportsAlsoOfAnInterruptedRun() throws IOException {
        Run whole = SampleRuns.small(directory);
        RunFile.write(directory, SampleRuns.copy(whole, false, whole.trials().subList(0, 2)));
        Reports.writeAll(directory);
        assertTrue(Files.readString(directory.resolve(Reports.MARKDOWN)).contains("Interrupted"));
        assertTrue(Files.readString(directory.resolve(Reports.HTML)).contains("Interrupted"));
        Files.delete(directory.resolve(RunFile.NAME));
        assertThrows(UnreadableRunException.class, () -> Reports.writeAll(directory));
    }

    /// Pages to look at: `-Dtest.jvm.flags=-Dringside.look=DIRECTORY` keeps them.
    @Test
    void pagesOfEverySize() throws IOException {
        Path kept = Path.of(System.getProperty("ringside.look", directory.toString()));
        SampleRuns.Written[] runs = {
            SampleRuns::small,
            SampleRuns::single,
            SampleRuns::openLoop,
            d -> SampleRuns.counted(SampleRuns.engines(d)),
            d -> SampleRuns.counted(SampleRuns.large(d, 3)),
            d -> Series.of(SampleRuns.controlled(SampleRuns.large(d, 17)), d)
        };
        String[] names = {"small", "single", "open", "ledger", "large", "thousand"};
        int count = kept.equals(directory) ? runs.length - 2 : runs.length;
        for (int i = 0; i < count; i++) {
            Path place = Files.createDirectories(kept.resolve(names[i]));
            Run run = runs[i].to(place);
            RunFile.write(place, run);
            Reports.writeAll(place);
            assertTrue(Files.size(place.resolve(Reports.HTML)) < 4_000_000);
        }
    }

    static void assertReferencesResolve(Document document) {
        Set<String> ids = new HashSet<>();
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            String id = ((Element) all.item(i)).getAttribute("id");
            assertTrue(id.isEmpty() || ids.add(id), "id twice: " + id);
        }
        NodeList uses = document.getElementsByTagName("use");
        for (int i = 0; i < uses.getLength(); i++) {
            String href = ((Element) uses.item(i)).getAttribute("href");
            assertTrue(ids.contains(href.substring(1)), "no element " + href);
        }
    }

    static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    static void assertGolden(String name, String text) throws IOException {
        Path file = GOLDEN.resolve(name);
        if ("write".equals(System.getProperty("ringside.golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text, file + ": see this class's comment");
    }
}
