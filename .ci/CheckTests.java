import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Reads surefire's reports: counts tests, and holds the skipped ones against `.ci/expected-skips`. A test that is
/// skipped for a reason that isn't listed there fails the build: a suite that silently shrinks is no suite.
void main() throws Exception {
    List<Pattern> expected = Files.readAllLines(Path.of(".ci/expected-skips")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Pattern::compile)
            .toList();
    int run = 0;
    int failed = 0;
    int skipped = 0;
    List<String> unexpected = new ArrayList<>();
    TreeMap<String, Integer> reasons = new TreeMap<>();
    List<Path> reports;
    try (var files = Files.find(Path.of("."), 5, (path, _) -> path.toString().matches(".*/target/surefire-reports/TEST-[^/]*\\.xml"))) {
        reports = files.toList();
    }
    for (Path report : reports) {
        NodeList cases = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            run++;
            if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
                failed++;
            }
            NodeList skips = test.getElementsByTagName("skipped");
            if (skips.getLength() > 0) {
                skipped++;
                String reason = reason((Element) skips.item(0));
                reasons.merge(reason, 1, Integer::sum);
                if (expected.stream().noneMatch(pattern -> pattern.matcher(reason).find())) {
                    unexpected.add(test.getAttribute("classname") + "." + test.getAttribute("name") + ": " + reason);
                }
            }
        }
    }
    reasons.forEach((reason, count) -> IO.println("skipped " + count + " x " + reason));
    unexpected.forEach(skip -> IO.println("NOT EXPECTED to be skipped: " + skip));
    IO.println((run - failed - skipped) + " passed, " + failed + " failed, " + skipped + " skipped");
    if (run < 500 || failed > 0 || !unexpected.isEmpty()) {
        System.exit(1);
    }
}

/// Surefire keeps the reason in an attribute, or as the first line of a stack trace.
String reason(Element skip) {
    String message = skip.getAttribute("message").strip();
    return message.isEmpty()
            ? skip.getTextContent().strip().lines().findFirst().orElse("").replaceFirst("^[\\w.]+: ", "")
            : message;
}
