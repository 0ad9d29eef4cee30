package ringside.bench.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/// How a server in another process is asked what its engine has counted: each line on its standard input is answered by
/// a line on its standard output, `{"event":"counts","engine":{"zero-copy sends":12}}`.
public final class EngineCounts {

    private static final String EVENT = "counts";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EngineCounts() {}

    /// Answers until `questions` ends or the server does, on a thread of its own.
    ///
    /// @param counts of the server, asked anew for each answer
    public static void answer(InputStream questions, Supplier<? extends Map<String, Long>> counts, PrintStream out) {
        Thread.ofPlatform().daemon().name("counts").start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(questions, StandardCharsets.UTF_8))) {
                while (lines.readLine() != null) {
                    out.println(line(counts.get()));
                    out.flush();
                }
            } catch (IOException | RejectedExecutionException e) {
                // Nobody asks any more, or nobody can answer: the event loops have ended.
            }
        });
    }

    private static String line(Map<String, Long> counts) throws JsonProcessingException {
        return JSON.writeValueAsString(Map.of("event", EVENT, "engine", new TreeMap<>(counts)));
    }

    /// @return what an answer says; empty for any other line
    static Optional<SortedMap<String, Long>> parse(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode answer = JSON.readTree(line);
            if (!answer.path("event").asText().equals(EVENT)) {
                return Optional.empty();
            }
            SortedMap<String, Long> counts = new TreeMap<>();
            answer.path("engine")
                    .properties()
                    .forEach(
                            count -> counts.put(count.getKey(), count.getValue().asLong()));
            return Optional.of(counts);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
