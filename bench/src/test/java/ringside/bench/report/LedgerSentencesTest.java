package ringside.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.result.Ledger;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Ledgers;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;
import ringside.bench.result.SampleRuns;

class LedgerSentencesTest {

    @TempDir
    Path directory;

    @Test
    void theCheapestNeedNotMakeTheFewestCalls() {
        List<String> sentences = LedgerSentences.of(view(SampleRuns.counted(SampleRuns.small(directory))));
        assertEquals(
                List.of("System calls per request: lowest in CPU is blocking/epoll, which makes 3.06 (recvfrom 1.00,"
                        + " sendto 1.00, pread64 1.00), not the fewest: sendfile/epoll makes 2.06 (recvfrom 1.00,"
                        + " sendfile 1.00, epoll_pwait2 0.05); nobody makes clearly more."),
                sentences);
    }

    @Test
    void aSideAloneIsDescribed() {
        List<String> sentences = LedgerSentences.of(view(SampleRuns.counted(SampleRuns.single(directory))));
        assertEquals(List.of("System calls per request: uring/io_uring makes 0.31 (io_uring_enter 0.30)."), sentences);
    }

    @Test
    void withoutCountsNothingIsClaimed() {
        Run counted = SampleRuns.counted(SampleRuns.small(directory));
        Measured why = Measured.unmeasurable("counting isn't permitted");
        List<LedgerTrial> refused = counted.ledger().trials().stream()
                .map(trial -> new LedgerTrial(
                        trial.trial(),
                        new Ledger(
                                1,
                                100,
                                List.of(new Ledger.Entry(
                                        Ledger.SYSTEM_CALLS,
                                        Ledger.Group.CALLS,
                                        "calls",
                                        Ledger.Source.TRACEPOINT,
                                        Ledger.Scope.PROCESS,
                                        why,
                                        why)),
                                List.of(),
                                Measured.of(0),
                                List.of("2 threads came"))))
                .toList();
        Run run = SampleRuns.with(counted, Ledgers.of(refused, counted.trials()));
        LedgerView view = view(run);
        assertEquals(List.of(), LedgerSentences.of(view));
        assertEquals(List.of(), view.lines());
        assertTrue(
                view.notes().contains("system calls: unmeasurable: counting isn't permitted"), view.notes()::toString);
        assertTrue(view.notes().contains("nginx: 2 threads came"), view.notes()::toString);
        assertTrue(new LedgerPlot(new Markup(), view, List.of()).isEmpty());
    }

    @Test
    void whatCountingCostsIsSaidOrSaidToBeUnknown() {
        Run run = SampleRuns.counted(SampleRuns.small(directory));
        String said = LedgerSentences.overhead(run.ledger().overhead());
        assertTrue(said.contains("6 points"), said);
        assertTrue(said.contains("launches without counters differ by"), said);
        Ledgers alone = Ledgers.of(run.ledger().trials(), List.of());
        assertEquals(
                "What counting costs is unmeasurable: no point has a valid trial with counters and one without.",
                LedgerSentences.overhead(alone.overhead()));
    }

    @Test
    void aRunWithoutLedgerHasNoneInItsReports() throws IOException {
        Run run = SampleRuns.small(directory);
        ReportedRun reported = ReportedRun.of(run, directory);
        assertTrue(view(run).isEmpty());
        for (String report : List.of(
                HtmlReport.render(reported),
                MarkdownReport.render(reported),
                new TerminalTable(120, false, true).render(reported))) {
            assertFalse(report.contains("What the kernel did") || report.contains("Counting was done"), report);
        }
    }

    private LedgerView view(Run run) {
        ReportedRun reported = ReportedRun.of(run, directory);
        return LedgerView.of(run, reported.ranking(reported.summary().groups().getFirst()));
    }
}
