package ringside.bench.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// What fio (3.x) says of its only job with `--output-format=json`.
///
/// @param version `fio-3.33`
/// @param error errno of the job, 0 if none
/// @param seconds that it measured, without the ramp
/// @param reads that completed in them
/// @param latency from when a read was taken up to its completion ("lat")
/// @param userShare CPU time of the job's thread in user space, per second
/// @param systemShare the same in the kernel
/// @param endMillis when it wrote this, since 1970
record FioOutput(
        String version,
        int error,
        double seconds,
        long reads,
        Latency latency,
        double userShare,
        double systemShare,
        long endMillis) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS_PER_MICRO = 1000;

    /// @throws IOException a sentence, when the text isn't fio's JSON or lacks a number
    static FioOutput parse(String text) throws IOException {
        // Notes may come before the JSON.
        int begin = text.indexOf('{');
        if (begin < 0) {
            throw new IOException("fio wrote no JSON but: " + text.strip());
        }
        JsonNode root = JSON.readTree(text.substring(begin));
        JsonNode jobs = need(root, "jobs");
        if (jobs.size() != 1) {
            throw new IOException("fio's JSON has " + jobs.size() + " jobs, not one");
        }
        JsonNode job = jobs.get(0);
        JsonNode read = need(job, "read");
        return new FioOutput(
                need(root, "fio version").asText(),
                need(job, "error").asInt(),
                need(read, "runtime").asDouble() / 1000,
                need(read, "total_ios").asLong(),
                latency(read.path("lat_ns")),
                need(job, "usr_cpu").asDouble() / 100,
                need(job, "sys_cpu").asDouble() / 100,
                need(root, "timestamp_ms").asLong());
    }

    double readsPerSecond() {
        return seconds > 0 ? reads / seconds : 0;
    }

    private static Latency latency(JsonNode nanos) throws IOException {
        JsonNode percentiles = nanos.path("percentile");
        if (percentiles.isMissingNode()) {
            return Latency.unmeasurable("no read of fio ended");
        }
        return new Latency(
                micros(percentiles, "50.000000"),
                micros(percentiles, "90.000000"),
                micros(percentiles, "99.000000"),
                micros(percentiles, "99.900000"),
                micros(nanos, "max"));
    }

    private static Measured micros(JsonNode parent, String name) throws IOException {
        return Measured.of(need(parent, name).asDouble() / NANOS_PER_MICRO);
    }

    private static JsonNode need(JsonNode parent, String name) throws IOException {
        JsonNode found = parent.path(name);
        if (found.isMissingNode()) {
            throw new IOException("fio's JSON has no \"" + name + "\": this version isn't understood. Use fio 3.x");
        }
        return found;
    }
}
