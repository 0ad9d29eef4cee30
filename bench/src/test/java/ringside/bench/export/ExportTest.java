package ringside.bench.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import ringside.bench.compare.Altered;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.evidence.LaunchCsv;
import ringside.bench.gate.Gate;
import ringside.bench.gate.GateResult;
import ringside.bench.gate.GateRule;
import ringside.bench.judge.Metric;
import ringside.bench.result.Load;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;

class ExportTest {

    private static final Pattern SAMPLE =
            Pattern.compile("[a-z_0-9]+\\{([a-zA-Z_]+=\"([^\"\\\\\n]|\\\\.)*\",?)+} [0-9.E-]+ [0-9]+\\.[0-9]{3}");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void csvHasALineForEachLaunchAndMetric() throws IOException {
        List<String> lines = LaunchCsv.render(kept().evidence()).lines().toList();
        assertTrue(lines.getFirst().startsWith("side,engine,transport,generator,fileBytes,"));
        assertEquals(1 + 3 * 5 * 7, lines.size());
        assertTrue(lines.stream()
                .anyMatch(
                        line -> line.startsWith("blocking/epoll,blocking,epoll,builtin,1024,64,hot,closed,0,cpu,µs,")));
    }

    @Test
    void csvQuotesWhatItMust() throws IOException {
        Side odd = new Side("a,\"b\"", Side.Kind.ENGINE, "blocking", java.util.Map.of(), "epoll", "builtin");
        RunFile.write(
                directory,
                SampleRuns.generate(directory, "odd", List.of(odd), List.of(1L), 1, List.of(new Load.Closed()), 1));
        assertTrue(LaunchCsv.render(KeptRun.read(directory).evidence()).contains("\r\n\"a,\"\"b\"\"\",blocking,"));
    }

    @Test
    void openMetricsAreWellFormed() throws IOException {
        KeptRun kept = kept();
        String text = OpenMetrics.render(kept, kept.verdicts().comparisons());
        assertTrue(text.endsWith("# EOF\n"));
        for (String line : text.lines().toList()) {
            assertTrue(line.startsWith("# ") || SAMPLE.matcher(line).matches(), line);
        }
        assertTrue(text.contains("# TYPE ringside_cpu_us gauge\n"));
        assertTrue(text.contains("ringside_service_p99_9_us{side=\"nginx\""));
        assertTrue(text.contains("ringside_verdict=\"inconclusive\"}"));
    }

    @Test
    void jmhToolsFindTheirFields() throws IOException {
        JsonNode json = new ObjectMapper().readTree(JmhJson.render(kept()));
        assertEquals(3, json.size());
        assertEquals("ringside.blocking.epoll", json.at("/0/benchmark").asText());
        assertEquals("avgt", json.at("/0/mode").asText());
        assertEquals(5, json.at("/0/primaryMetric/rawData").size());
        assertEquals("us/op", json.at("/0/primaryMetric/scoreUnit").asText());
        assertEquals("1024", json.at("/0/params/fileBytes").asText());
        // Launches whose generator was the limit have no throughput of the server's own.
        assertTrue(json.at("/0/secondaryMetrics/throughput").isMissingNode(), json::toPrettyString);
        assertEquals("ringside.nginx.nginx", json.at("/2/benchmark").asText());
        assertEquals(90_000, json.at("/2/secondaryMetrics/throughput/score").asDouble(), 20_000);
    }

    @Test
    void junitTellsFailuresFromErrors() throws Exception {
        VerdictList list = VerdictList.of("gate", gated());
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(JUnitXml.render(list).getBytes(StandardCharsets.UTF_8)));
        assertEquals(2, xml.getElementsByTagName("testcase").getLength());
        assertEquals(1, xml.getElementsByTagName("failure").getLength());
        int errors = xml.getElementsByTagName("error").getLength();
        assertEquals(list.with(ringside.bench.judge.Verdict.INCONCLUSIVE).size(), errors);
        assertEquals("1", xml.getDocumentElement().getAttribute("failures"));
    }

    @Test
    void markdownBeginsWithTheAnswer() throws IOException {
        String text = PullRequestMarkdown.render(VerdictList.of("gate <of> |main|", gated()));
        assertTrue(
                text.startsWith("### gate \\<of\\> \\|main\\|\n\n**Regressed: 1 of 2 verdicts.**\n\n**Regressed**\n"),
                text);
        assertTrue(text.contains("| blocking/epoll | 1 KiB, 64 conn., hot, closed | CPU per request, µs | "), text);
        assertFalse(text.contains("null"), text);
    }

    private KeptRun kept() throws IOException {
        return Altered.run(directory.resolve("run"), 1, 1);
    }

    private GateResult gated() throws IOException {
        KeptRun dearer = Altered.run(directory.resolve("new"), 2, 1.4);
        return new Gate(new GateRule(List.of(Metric.CPU), false, false), RunComparison.of(kept(), dearer, false, 0.08))
                .result();
    }
}
