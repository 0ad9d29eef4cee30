package ringside.bench.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/// What people and programs see, against golden files. After an intended change run the tests with
/// `-Dtest.jvm.flags=-Dringside.golden=write` and read the difference before committing it.
final class ExplanationFormsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void terminal() throws IOException {
        assertGolden(
                "explain-blocking-120.txt",
                new TerminalTimeline(120, false, false).render(TraceSamples.explanation("blocking-epoll")));
        assertGolden(
                "explain-uring-cold-140.txt",
                new TerminalTimeline(140, false, false).render(TraceSamples.explanation("uring-io_uring-cold")));
        assertGolden(
                "explain-splice-80.txt",
                new TerminalTimeline(80, false, false).render(TraceSamples.explanation("composed-splice")));
    }

    @Test
    void noLineIsTooWide() throws IOException {
        for (String name : TraceSamples.ALL) {
            for (int width : new int[] {1, 80, 97, 120, 180, 1000}) {
                String text = new TerminalTimeline(width, false, true).render(TraceSamples.explanation(name));
                for (String line : text.lines().toList()) {
                    assertTrue(
                            line.length() <= Math.clamp(width, 80, 180), line.length() + " > " + width + ": " + line);
                }
            }
        }
    }

    @Test
    void coloursOnlyWhenAskedFor() throws IOException {
        Explanation explanation = TraceSamples.explanation("uring-io_uring-cold");
        String plain = new TerminalTimeline(120, false, false).render(explanation);
        String coloured = new TerminalTimeline(120, true, false).render(explanation);
        assertFalse(plain.contains("\u001b"));
        assertTrue(coloured.contains("\u001b[36m"));
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9]*m", ""));
    }

    @Test
    void othersAreShownWhenAskedFor() throws IOException {
        Explanation explanation = TraceSamples.explanation("uring-io_uring-cold");
        String some = new TerminalTimeline(140, false, false).render(explanation);
        String all = new TerminalTimeline(140, false, true).render(explanation);
        assertTrue(some.contains("on 2 other threads left out (C1 CompilerThre "), some);
        assertTrue(all.contains("  C2 CompilerThre  futex("), all);
        assertFalse(all.contains("left out"), all);
    }

    @Test
    void markdownIsCompact() throws IOException {
        String text = MarkdownCounts.render(List.of(
                TraceSamples.explanation("uring-io_uring-cold"),
                TraceSamples.explanation("blocking-epoll"),
                TraceSamples.explanation("aio-epoll")));
        assertGolden("explain.md", text);
        assertTrue(text.lines().count() <= 12, text);
    }

    @Test
    void jsonHasItAll() throws IOException {
        JsonNode root =
                new ObjectMapper().readTree(TimelineJson.render(TraceSamples.explanation("uring-io_uring-cold")));
        assertEquals(65_536, root.at("/totals/readBytes").asLong());
        assertEquals(4, root.at("/requestsAlike").asInt());
        JsonNode submission = null;
        JsonNode completion = null;
        for (JsonNode step : root.get("steps")) {
            if (step.get("name").asText().equals("READ")) {
                submission = step.get("kind").asText().equals("submission") ? step : submission;
                completion = step.get("kind").asText().equals("completion") ? step : completion;
            }
        }
        assertTrue(submission != null && completion != null);
        assertEquals(submission.get("operation"), completion.get("operation"));
        assertEquals("page-cache-to-buffer", completion.get("flow").asText());
        assertEquals("45<file>", completion.get("arguments").get(0).asText());
        assertTrue(root.get("threads").findValuesAsText("role").contains("jvm"));
    }

    @Test
    void htmlIsWellFormedAndNeedsNothing() throws Exception {
        for (String name : TraceSamples.ALL) {
            String html = HtmlTimeline.render(TraceSamples.explanation(name));
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
            assertFalse(html.contains("http"), "refers to the network");
            assertFalse(html.contains("NaN") || html.contains("Infinity"), "a coordinate isn't a number");
            assertEquals(0, document.getElementsByTagName("script").getLength());
            assertEquals(
                    TraceSamples.timeline(name).shown().size(),
                    document.getElementsByTagName("li").getLength());
            assertTrue(html.length() < 200_000, "size " + html.length());
        }
        String uring = HtmlTimeline.render(TraceSamples.explanation("uring-io_uring-cold"));
        assertEquals(
                8, uring.split("class=\"head\"", -1).length - 1, "an arrow to scale and one in order per operation");
    }

    @Test
    void wrapsAtBlanksAndCutsWhatHasNone() {
        assertEquals(List.of("one two", "three"), TerminalTimeline.wrap("one two three", 9));
        assertEquals(List.of("abcdefgh", "ijkl", "m op"), TerminalTimeline.wrap("abcdefghijklm op", 8));
        assertEquals(List.of(""), TerminalTimeline.wrap("", 9));
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path file = GOLDEN.resolve(name);
        if ("write".equals(System.getProperty("ringside.golden"))) {
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text, file + ": see this class's comment");
    }
}
