package ringside.bench.export;

import ringside.bench.judge.Verdict;
import ringside.bench.report.Markup;
import ringside.bench.report.Words;

/// JUnit's XML, as CI servers read it: a test case for each verdict. A regression is a failure; what is inconclusive is
/// an
/// error, so that no server takes it for a pass.
public final class JUnitXml {

    private JUnitXml() {}

    public static String render(VerdictList list) {
        Markup xml = new Markup();
        xml.verbatim("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        String tests = Integer.toString(list.lines().size());
        String failures = Integer.toString(list.with(Verdict.REGRESSED).size());
        String errors = Integer.toString(list.with(Verdict.INCONCLUSIVE).size());
        xml.open("testsuites", "tests", tests, "failures", failures, "errors", errors)
                .newline();
        xml.open("testsuite", "name", list.title(), "tests", tests, "failures", failures, "errors", errors)
                .newline();
        for (VerdictList.Line line : list.lines()) {
            xml.open(
                    "testcase",
                    "classname",
                    "ringside." + line.comparison().candidate(),
                    "name",
                    line.judgement().metric().title() + " at "
                            + Words.brief(line.comparison().workload()));
            switch (line.verdict()) {
                case REGRESSED ->
                    xml.element("failure", line.words(), "message", "regressed: " + line.words(), "type", "regressed");
                case INCONCLUSIVE ->
                    xml.element(
                            "error", line.words(), "message", "inconclusive: " + line.words(), "type", "inconclusive");
                case IMPROVED, EQUIVALENT -> xml.element("system-out", line.verdict() + ": " + line.words());
            }
            xml.close("testcase").newline();
        }
        if (!list.notes().isEmpty()) {
            xml.element("system-out", String.join("\n", list.notes())).newline();
        }
        xml.close("testsuite").newline().close("testsuites").newline();
        return xml.toString();
    }
}
