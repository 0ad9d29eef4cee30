package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import ringside.bench.evidence.LaunchCsv;
import ringside.bench.evidence.VerdictsFile;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;

/// Parts of pages: the forest plot, the crossover map, what sides differ in, raw data, several runs on one page.
class PagesTest {

    private static final Side BLOCKING = Side.engine("blocking", "epoll");
    private static final Side SENDFILE = Side.engine("sendfile", "epoll");

    @TempDir
    Path directory;

    @Test
    void forestPlot() throws IOException {
        ReportedRun reported = ReportedRun.of(
                SampleRuns.controlled(run("forest", 4, List.of(1024L), BLOCKING, SENDFILE, Side.peer("nginx"))),
                directory);
        Markup page = new Markup();
        List<ForestPlot.Entry> entries = reported
                .comparisons(reported.evidence().workloads().getFirst())
                .stream()
                .map(comparison -> new ForestPlot.Entry(comparison.candidate(), "c0", comparison))
                .toList();
        assertEquals(3, entries.size(), "the A/A arm is a row, too");
        new ForestPlot(page, "1 KiB", entries).draw();
        ReportsTest.assertGolden("forest.html", page.toString());
    }

    @Test
    void ratiosHaveTicksAtRoundPlaces() {
        assertEquals(
                List.of(0.96, 0.98, 1.0, 1.02, 1.04), Axis.ratios(0.955, 1.045).ticks());
        assertEquals(List.of(0.5, 1.0), Axis.ratios(0.4, 1.5).ticks());
        assertEquals(List.of(1.0, 4.0), Axis.ratios(0.4, 5).ticks());
        assertEquals(0.5, Axis.ratios(0.5, 2).fraction(1), 1e-9);
    }

    @Test
    void crossoverMap() throws IOException {
        Run run = SampleRuns.generate(
                directory,
                "map",
                List.of(BLOCKING, SENDFILE, Side.engine("uring", "epoll")),
                List.of(1024L, 1L << 20),
                3,
                List.of(new Load.Open(1000), new Load.Open(5000)),
                3);
        ReportedRun reported = ReportedRun.of(SampleRuns.mapped(run, List.of("size", "rate")), directory);
        Markup page = new Markup();
        CrossoverMap.of(reported).forEach(map -> map.draw(page, Map.of("blocking/epoll", "c0", "uring/epoll", "c2")));
        ReportsTest.assertGolden("map.html", page.toString());
        String terminal = new TerminalTable(120, false, true).render(reported);
        ReportsTest.assertGolden("terminal-120-map.txt", terminal.substring(terminal.indexOf("Least CPU per request")));
        assertTrue(HtmlReport.render(reported).contains("class=\"map\""));
    }

    @Test
    void sidesAreToldApartByWhatDiffers() {
        Side old = new Side(
                "old",
                Side.Kind.ENGINE,
                "uring",
                Map.of("queue-depth", "8"),
                "epoll",
                "builtin",
                "commit:0123456",
                List.of("-Xmx64m"),
                "");
        Side command = new Side(
                "mine",
                Side.Kind.COMMAND,
                "mine",
                Map.of(),
                "mine",
                "builtin",
                "",
                List.of(),
                "./server --port {port}");
        SideTable table = new SideTable(
                SampleRuns.controlled(run("sides", 1, List.of(1024L), BLOCKING, old, Side.peer("nginx"), command)));
        List<List<String>> rows = table.rows();
        assertEquals(
                List.of(
                        "side",
                        "role",
                        "kind",
                        "engine",
                        "options",
                        "transport",
                        "version",
                        "JVM flags of its own",
                        "command"),
                rows.getFirst());
        assertEquals(
                List.of(
                        "old",
                        "candidate",
                        "engine of ringside",
                        "uring",
                        "queue-depth=8",
                        "epoll",
                        "commit:0123456",
                        "-Xmx64m",
                        "–"),
                rows.get(2));
        assertEquals("nginx/1.26.0", rows.get(3).get(6));
        assertEquals("./server --port {port}", rows.get(4).getLast());
        assertEquals("A/A arm: the baseline once more", rows.get(5).get(1));
        assertEquals("The same for all: asked by the built-in generator.", table.common());
    }

    @Test
    void rawDataIsInThePageAndBesideIt() throws Exception {
        Run run = SampleRuns.small(directory);
        RunFile.write(directory, run);
        VerdictsFile.write(run, directory);
        ReportedRun reported = ReportedRun.read(directory);
        Reports.write(reported);
        Path elsewhere = Files.createDirectories(directory.resolve("a b/c"));
        Reports.writeHtml(reported, elsewhere.resolve("page.html"));
        Map<String, String> embedded = Map.of(
                "launches.csv",
                LaunchCsv.render(reported.evidence()),
                "verdicts.json",
                Files.readString(directory.resolve(VerdictsFile.NAME)));
        for (Path page : List.of(directory.resolve(Reports.HTML), elsewhere.resolve("page.html"))) {
            NodeList links = ReportsTest.parse(Files.readString(page)).getElementsByTagName("a");
            int files = 0;
            for (int i = 0; i < links.getLength(); i++) {
                Element link = (Element) links.item(i);
                String target = link.getAttribute("href");
                if (link.hasAttribute("download")) {
                    String data = target.substring(target.indexOf("base64,") + "base64,".length());
                    assertEquals(
                            embedded.get(link.getAttribute("download")),
                            new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
                } else {
                    files++;
                    assertTrue(Files.exists(Path.of(page.toUri().resolve(target))), target);
                }
            }
            // run.json, verdicts.json, and a log of each trial but the failed one.
            assertEquals(2 + 17, files);
        }
    }

    @Test
    void severalRunsOnOnePage() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        Path one = Files.createDirectories(directory.resolve("one"));
        Run before = SampleRuns.generate(
                one, "before", List.of(BLOCKING, SENDFILE), List.of(1024L), 3, List.of(new Load.Closed()), 7);
        Run after = SampleRuns.generate(
                other,
                "after",
                List.of(BLOCKING, Side.peer("nginx")),
                List.of(1024L, 4096L),
                3,
                List.of(new Load.Closed()),
                8);
        List<ReportedRun> runs = List.of(ReportedRun.of(before, one), ReportedRun.of(after, other));
        String html = OverlayPage.render(runs, List.of("They are of <two> machines."));
        Document page = ReportsTest.parse(html);
        ReportsTest.assertReferencesResolve(page);
        assertFalse(html.contains("http"), "refers to the network");
        String text = page.getDocumentElement().getTextContent();
        for (String expected : List.of(
                "They are of <two> machines.",
                "A: one",
                "B: other",
                "A sendfile/epoll",
                "B nginx",
                "1 KiB · 64 connections",
                "4 KiB · 64 connections")) {
            assertTrue(text.contains(expected), expected);
        }
        // At 4 KiB there is one run alone.
        NodeList pictures = page.getElementsByTagName("svg");
        for (int i = 0; i < pictures.getLength(); i++) {
            Element picture = (Element) pictures.item(i);
            assertTrue(!picture.getAttribute("role").equals("img")
                    || picture.getFirstChild().getNodeName().equals("title"));
        }
        assertThrows(IllegalArgumentException.class, () -> OverlayPage.render(runs.subList(0, 1), List.of()));
    }

    private Run run(String name, int repeats, List<Long> sizes, Side... sides) {
        return SampleRuns.generate(directory, name, List.of(sides), sizes, repeats, List.of(new Load.Closed()), 7);
    }
}
