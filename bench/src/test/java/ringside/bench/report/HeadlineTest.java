package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.judge.Verdict;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;

/// The first sentence of every report, of runs whose verdicts the judge derives from their launches.
class HeadlineTest {
    private static final Side BASELINE = Side.peer("nginx");
    private static final Side CHEAPER = Side.engine("blocking", "epoll");
    private static final Side SAME = Side.peer("nginx-read");

    @TempDir
    Path directory;

    @Test
    void saysWhoByHowMuchAndAgainstWhom() {
        Headline headline = headlines(run(4, BASELINE, CHEAPER)).getFirst();
        assertEquals(Verdict.IMPROVED, headline.parts().getFirst().verdict());
        assertTrue(
                headline.sentence()
                        .matches(
                                "At 1 KiB \\(64 connections, hot\\): blocking/epoll needs 0\\.5\\d× \\(0\\.\\d\\d–0\\.\\d\\d\\) of"
                                        + " nginx's CPU per request: improved\\..*"),
                headline::sentence);
    }

    @Test
    void theOtherWayRoundItIsRegressed() {
        Headline headline = headlines(run(4, CHEAPER, BASELINE)).getFirst();
        assertEquals(Verdict.REGRESSED, headline.parts().getFirst().verdict());
        assertTrue(headline.sentence().contains("of blocking/epoll's CPU per request: regressed."), headline::sentence);
    }

    @Test
    void whatNobodyKnowsNeverReadsAsAPass() {
        for (Headline headline : headlines(run(2, BASELINE, CHEAPER, SAME))) {
            for (Headline.Part part : headline.parts()) {
                if (part.verdict() == Verdict.INCONCLUSIVE) {
                    assertTrue(part.text().startsWith("Nothing is shown between nginx and "), part::text);
                    assertTrue(part.text().contains("--until resolved"), part::text);
                    assertFalse(part.text().matches(".*(improved|equivalent|same).*"), part::text);
                }
            }
        }
        // Two launches show next to nothing.
        assertTrue(headlines(run(2, BASELINE, SAME)).stream()
                .flatMap(headline -> headline.parts().stream())
                .anyMatch(part -> part.verdict() == Verdict.INCONCLUSIVE));
    }

    @Test
    void aSingleLaunchHasNoSpread() {
        String said = said(run(1, BASELINE, CHEAPER));
        assertTrue(
                said.contains("Nothing is shown between nginx and blocking/epoll by CPU per request: 1 and 1"), said);
        assertFalse(said.contains("improved"), said);
    }

    @Test
    void theCeilingIsNotInIt() {
        String said = said(run(4, BASELINE, Side.engine("memory", "epoll"), CHEAPER));
        assertFalse(said.contains("memory"), said);
        assertTrue(said.contains("blocking/epoll needs"), said);
    }

    @Test
    void manySidesAreCounted() {
        ReportedRun reported = ReportedRun.of(SampleRuns.large(directory, 2), directory);
        for (Headline headline : Headline.of(reported)) {
            for (Headline.Part part : headline.parts()) {
                assertTrue(part.text().length() < 600, part::text);
            }
        }
    }

    @Test
    void everyReportHasTheSameSentence() {
        ReportedRun reported = ReportedRun.of(run(4, BASELINE, CHEAPER), directory);
        String sentence = Headline.of(reported).getFirst().sentence();
        String page = HtmlReport.render(reported).replaceAll("<[^>]*>", "").replace("&#39;", "'");
        for (Headline.Part part : Headline.of(reported).getFirst().parts()) {
            assertTrue(page.indexOf(part.text()) > 0, part::text);
        }
        assertTrue(MarkdownReport.render(reported).contains("- " + MarkdownReport.text(sentence)), sentence);
        String terminal = new TerminalTable(140, false, true).render(reported).replace('\n', ' ');
        assertTrue(terminal.contains(sentence), terminal);
    }

    private Run run(int repeats, Side... sides) {
        return SampleRuns.generate(
                directory, "run", List.of(sides), List.of(1024L), repeats, List.of(new Load.Closed()), 7);
    }

    private List<Headline> headlines(Run run) {
        return Headline.of(ReportedRun.of(run, directory));
    }

    private String said(Run run) {
        return headlines(run).stream().map(Headline::sentence).collect(Collectors.joining("\n"));
    }
}
