package ringside.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import ringside.bench.doctor.Doctor;
import ringside.bench.doctor.Finding;
import ringside.bench.doctor.Finding.Level;
import ringside.linux.FfmKernel;
import ringside.linux.Terminal;

/// `ringside doctor`: whether this machine can be measured on, and what to do about what stands in the way.
@Command(
        name = "doctor",
        description = {
            "Checks whether this machine can be measured on: CPUs, clocks, other load, kernel, limits, storage, programs."
                    + " Changes nothing; takes a second.",
            "",
            "warning: the numbers are noisier, or something is left out. problem: what is measured here isn't what it is"
                    + " called; the exit code is 1 then, else 0."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where results will be kept: its disk is checked (default: results/local beside ringside).")
    private @Nullable Path results;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say why each check matters, those that are ok as well.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        Path directory =
                results != null ? results : Home.directory().resolve("results").resolve("local");
        List<Finding> findings = new Doctor(new FfmKernel(), directory).examine();
        if (json) {
            printJson(System.out, findings);
        } else {
            printTable(System.out, Main.ansi(Terminal.STDOUT), findings, verbose);
        }
        return count(findings, Level.PROBLEM) == 0 ? 0 : Main.EXIT_BAD_ANSWER;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static void printTable(PrintStream out, Ansi ansi, List<Finding> findings, boolean verbose) {
        for (Finding finding : findings) {
            String level = "%-8s".formatted(finding.level().id());
            out.printf(
                    "%-14s %s %s%n", finding.check(), ansi.string(coloured(finding.level(), level)), finding.found());
            boolean bad = finding.level() == Level.WARNING || finding.level() == Level.PROBLEM;
            if (bad || verbose) {
                out.printf("%24swhy: %s%n", "", finding.why());
            }
            if (bad) {
                out.printf("%24sremedy: %s%n", "", finding.remedy());
            }
        }
        long problems = count(findings, Level.PROBLEM);
        long warnings = count(findings, Level.WARNING);
        long unknown = count(findings, Level.UNKNOWN);
        out.printf(
                "%n%d checks: %d ok, %s, %s, %d unknown to this machine%n",
                findings.size(),
                count(findings, Level.OK),
                warnings == 1 ? "1 warning" : warnings + " warnings",
                problems == 1 ? "1 problem" : problems + " problems",
                unknown);
    }

    private static String coloured(Level level, String text) {
        return switch (level) {
            case OK -> "@|green " + text + "|@";
            case UNKNOWN -> "@|faint " + text + "|@";
            case WARNING -> "@|yellow " + text + "|@";
            case PROBLEM -> "@|bold,red " + text + "|@";
        };
    }

    private static void printJson(PrintStream out, List<Finding> findings) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        root.put("problems", count(findings, Level.PROBLEM));
        root.put("warnings", count(findings, Level.WARNING));
        ArrayNode checks = root.putArray("checks");
        for (Finding finding : findings) {
            checks.addObject()
                    .put("check", finding.check())
                    .put("level", finding.level().id())
                    .put("found", finding.found())
                    .put("why", finding.why())
                    .put("remedy", finding.remedy());
        }
        out.println(mapper.writeValueAsString(root));
    }
}
