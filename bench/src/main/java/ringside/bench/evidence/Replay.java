package ringside.bench.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;
import ringside.bench.result.HlogFile;
import ringside.bench.result.Latency;
import ringside.bench.result.Load;
import ringside.bench.result.Measurements;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;

/// Derives every verdict of a run again, from its raw histograms and `run.json`, and holds the result against its
/// `verdicts.json`, bit for bit. Also holds the percentiles that `run.json` gives for each launch against its
/// histogram.
///
/// @param verdicts as derived again
/// @param launches whose percentiles were compared
/// @param differences what isn't as it was written, a sentence each; empty when all is
public record Replay(RunVerdicts verdicts, int launches, List<String> differences) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DIFFERENCES_MAX = 20;

    public Replay {
        differences = List.copyOf(differences);
    }

    /// @throws ringside.bench.result.UnreadableRunException when `run.json` is missing or broken
    /// @throws IOException when there is no `verdicts.json`, with the remedy
    public static Replay of(Path runDirectory) throws IOException {
        Run run = RunFile.read(runDirectory);
        String written;
        try {
            written = VerdictsFile.read(runDirectory);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    runDirectory + " holds no " + VerdictsFile.NAME
                            + ": the run was broken off, or is from before there were verdicts. 'ringside replay --write "
                            + runDirectory + "' makes one",
                    e);
        }
        List<String> differences = new ArrayList<>();
        int launches = percentiles(run, runDirectory, differences);
        RunVerdicts verdicts = RunVerdicts.of(run, runDirectory);
        String derived = VerdictsFile.text(run, verdicts);
        if (!derived.equals(written)) {
            compare(written, derived, differences);
        }
        return new Replay(verdicts, launches, differences);
    }

    public boolean isSame() {
        return differences.isEmpty();
    }

    private static int percentiles(Run run, Path runDirectory, List<String> differences) {
        int compared = 0;
        for (Trial trial : run.trials()) {
            if (!trial.isValid()) {
                continue;
            }
            Measurements measured = trial.measurements().orElseThrow();
            compared += percentiles(measured, runDirectory, HlogFile.SERVICE, measured.serviceTime(), differences);
            if (trial.workload().load() instanceof Load.Open) {
                percentiles(measured, runDirectory, HlogFile.RESPONSE, measured.responseTime(), differences);
            }
        }
        return compared;
    }

    private static int percentiles(
            Measurements measured, Path runDirectory, String tag, Latency written, List<String> differences) {
        try {
            Histogram launch = HlogFile.read(runDirectory.resolve(measured.hlogFile()), tag, measured.requests());
            if (!Latency.of(launch).equals(written)) {
                differences.add("%s: the percentiles of its %s times aren't those in %s"
                        .formatted(measured.hlogFile(), tag, RunFile.NAME));
            }
            return 1;
        } catch (IOException e) {
            if (written.p50Micros().isKnown()) {
                differences.add(String.valueOf(e.getMessage()));
            }
            return 0;
        }
    }

    private static void compare(String written, String derived, List<String> differences) {
        try {
            int before = differences.size();
            compare("", MAPPER.readTree(written), MAPPER.readTree(derived), differences);
            if (differences.size() == before) {
                differences.add(
                        VerdictsFile.NAME + " says the same in other characters: it was written by another program");
            }
        } catch (JsonProcessingException e) {
            differences.add(VerdictsFile.NAME + " isn't JSON: line "
                    + e.getLocation().getLineNr() + ": " + e.getOriginalMessage());
        }
    }

    private static void compare(String where, JsonNode written, JsonNode derived, List<String> differences) {
        if (written.equals(derived) || differences.size() >= DIFFERENCES_MAX) {
            return;
        }
        if (written.isObject() && derived.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            written.fieldNames().forEachRemaining(names::add);
            derived.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(where + "/" + name, written.path(name), derived.path(name), differences);
            }
        } else if (written.isArray() && derived.isArray() && written.size() == derived.size()) {
            for (int i = 0; i < written.size(); i++) {
                compare(where + "/" + i, written.path(i), derived.path(i), differences);
            }
        } else {
            differences.add("%s%s is %s, derived again it is %s"
                    .formatted(VerdictsFile.NAME, where, brief(written), brief(derived)));
        }
    }

    private static String brief(JsonNode node) {
        String text = node.isMissingNode() ? "not there" : node.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
