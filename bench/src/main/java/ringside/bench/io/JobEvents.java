package ringside.bench.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import ringside.linux.Kernel;

/// The lines in which a reading process tells of itself: `{"event":"ramping"}`, `measuring`, `measured`, and
/// at last `{"event":"result","result":{…}}`.
///
/// Each has `atNanos`, on `CLOCK_MONOTONIC`, which all processes share.
public final class JobEvents {

    static final String RAMPING = "ramping";
    static final String MEASURING = "measuring";
    static final String MEASURED = "measured";
    static final String RESULT = "result";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JobEvents() {}

    /// Runs a job in this process and prints its events.
    ///
    /// @return whether every read went well
    /// @throws IOException as [JobRun#run()]
    public static boolean print(ReadJob job, Kernel kernel, PrintStream out) throws IOException, InterruptedException {
        ReadResult result = new JobRun(job, kernel, new JobRun.Phases() {
                    @Override
                    public void ramping() {
                        say(out, Map.of("event", RAMPING, "atNanos", System.nanoTime()));
                    }

                    @Override
                    public void measuring() {
                        say(out, Map.of("event", MEASURING, "atNanos", System.nanoTime()));
                    }

                    @Override
                    public void measured() {
                        say(out, Map.of("event", MEASURED, "atNanos", System.nanoTime()));
                    }
                })
                .run();
        say(out, Map.of("event", RESULT, "atNanos", System.nanoTime(), "result", result));
        return result.failure().isEmpty();
    }

    /// @return the event in a line; empty for any other line
    static Optional<JsonNode> parse(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static ReadResult result(JsonNode event) throws IOException {
        return JSON.treeToValue(event.path("result"), ReadResult.class);
    }

    private static void say(PrintStream out, Map<String, Object> event) {
        try {
            out.println(JSON.writeValueAsString(event));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event can't be written", e);
        }
    }
}
