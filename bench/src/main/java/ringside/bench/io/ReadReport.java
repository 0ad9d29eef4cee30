package ringside.bench.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/// What came of an experiment.
///
/// @param format of the JSON; 1
/// @param plan what was asked for, in words of the command line
/// @param environment the machine: kernel, CPU, file system, JDK, fio
/// @param skipped what was left out: sentences
/// @param trials in the order in which they ran
/// @param comparisons beside fio
/// @param complete whether all of it ran
public record ReadReport(
        int format,
        Map<String, String> plan,
        Map<String, String> environment,
        List<String> skipped,
        List<ReadTrial> trials,
        List<ReadComparison> comparisons,
        boolean complete) {

    static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ReadReport {
        skipped = List.copyOf(skipped);
        trials = List.copyOf(trials);
        comparisons = List.copyOf(comparisons);
    }

    public boolean isGood() {
        return !trials.isEmpty() && trials.stream().allMatch(ReadTrial::isGood);
    }

    /// Pretty-printed.
    public String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report can't be written", e);
        }
    }
}
