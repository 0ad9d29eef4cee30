package ringside.bench.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import ringside.bench.ledger.ServerCounts;

/// How a server in another process is asked what it has counted: each line on its standard input is answered by a line
/// on its standard output,
/// `{"event":"counts","answers":7,"allocatedBytes":9216,"atNanos":…,"engine":{"zero-copy sends":12}}`.
public final class CountsLine {

    private static final String EVENT = "counts";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CountsLine() {}

    /// Answers until `questions` ends or the server does, on a thread of its own.
    ///
    /// @param counts of the server, asked anew for each answer
    public static void answer(InputStream questions, Supplier<ServerCounts> counts, PrintStream out) {
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

    private static String line(ServerCounts counts) throws JsonProcessingException {
        ObjectNode line = JSON.createObjectNode();
        line.put("event", EVENT);
        line.put("answers", counts.answers());
        line.put("allocatedBytes", counts.allocatedBytes());
        line.put("atNanos", counts.atNanos());
        ObjectNode engine = line.putObject("engine");
        counts.engine().forEach(engine::put);
        return JSON.writeValueAsString(line);
    }

    /// @return what an answer says; empty for any other line
    static Optional<ServerCounts> parse(String line) {
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
            return Optional.of(new ServerCounts(
                    counts,
                    answer.path("answers").asLong(),
                    answer.path("allocatedBytes").asLong(),
                    answer.path("atNanos").asLong()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
