package ringside.loadtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a run of the load generator measured.
///
/// **Which request belongs to the window:** in the closed loop the one that completes in it; in the open loop the one
/// whose intended start lies in it, however late it completes (the run waits for it, up to the timeout). Errors are
/// counted by the same rule; those of a connection count when they happen. **Throughput** is what completes in the
/// window, in both: under overload an open loop's requests are all answered in the end, only not at that rate.
///
/// What can't be told is absent, `null` in JSON: response time, send lag and offered rate of a closed loop, which
/// intends nothing; percentiles of too few values ([LatencySummary]); costs per answer without an answer
/// ([GeneratorCost]).
///
/// **Which request has a time:** every right answer, and every request that timed out, with the time at which it was
/// given up: a lower bound, but leaving it out would flatter the tail. Other errors have none.
///
/// @param plan what was asked
/// @param complete false if the run was stopped early: the numbers are those of the part that was measured
/// @param measuredSeconds length of the window, without the tail
/// @param requests right answers to the window's requests: whole, 2xx, of the right length and, where sampled, the
///     right bytes
/// @param bodyBytes of those answers
/// @param completedInWindow right answers that came within the window; in a closed loop the same as `requests`, in an
///     open one with those to requests that had been intended in the warm-up
/// @param requestsPerSecond `completedInWindow` / `measuredSeconds`
/// @param offeredPerSecond requests that came due in the window / `measuredSeconds`; absent in a closed loop
/// @param megabytesPerSecond body bytes of the answers that came within the window / `measuredSeconds` / 1,000,000
/// @param serviceTime from the send of the request to the last byte of its answer
/// @param responseTime from the intended start to the last byte; absent in a closed loop
/// @param sendLag from the intended start to the moment the generator got to it: its own lateness, without the wait for
///     an idle connection, which is the server's. Of every request that came due; absent in a closed loop
/// @param bodiesChecked bodies whose checksum was compared
/// @param reconnects connections opened again after the server, an error or a timeout had closed them
/// @param resends requests sent again on a fresh connection, as the server closed a kept one before the first byte of
///     the answer (RFC 9112 section 9.3.1); their times count from the first send
public record LoadReport(
        LoadPlan plan,
        boolean complete,
        double measuredSeconds,
        long requests,
        long bodyBytes,
        long completedInWindow,
        double requestsPerSecond,
        OptionalDouble offeredPerSecond,
        double megabytesPerSecond,
        LatencySummary serviceTime,

        @JsonSerialize(using = PlanJson.LatencyWriter.class) @JsonDeserialize(using = PlanJson.LatencyReader.class)
        Optional<LatencySummary> responseTime,

        @JsonSerialize(using = PlanJson.LatencyWriter.class) @JsonDeserialize(using = PlanJson.LatencyReader.class)
        Optional<LatencySummary> sendLag,

        LoadErrors errors,
        long bodiesChecked,
        long reconnects,
        long resends,
        GeneratorCost generator,
        LoadLimit limit) {

    private static final ObjectMapper MAPPER = PlanJson.mapper();

    public String toJson() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is always writable", e);
        }
    }

    /// @throws IOException if `json` isn't a report; the message says where
    public static LoadReport fromJson(String json) throws IOException {
        return MAPPER.readValue(json, LoadReport.class);
    }

    /// @throws IOException if `file` can't be written
    public void write(Path file) throws IOException {
        Files.writeString(file, toJson() + System.lineSeparator());
    }

    /// @throws IOException if `file` can't be read or isn't a report
    public static LoadReport read(Path file) throws IOException {
        return fromJson(Files.readString(file));
    }
}
