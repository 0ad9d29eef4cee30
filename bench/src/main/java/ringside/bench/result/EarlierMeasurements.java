package ringside.bench.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Gives a `run.json` of schema version 1 that was written before there were rules for warm-ups and disturbances the
/// fields that say so.
final class EarlierMeasurements {

    private static final String NOT_KEPT = "not kept by the ringside of that run";

    private final ObjectMapper mapper;
    private final double warmUpSeconds;

    private EarlierMeasurements(ObjectMapper mapper, double warmUpSeconds) {
        this.mapper = mapper;
        this.warmUpSeconds = warmUpSeconds;
    }

    /// @param run changed in place; what isn't of the expected shape is left to the reader's complaint
    static void complete(ObjectNode run, ObjectMapper mapper) {
        double warmUpSeconds =
                Math.max(0, run.path("plan").path("warmUpSeconds").asDouble());
        if (!run.has("rules")) {
            run.set("rules", mapper.valueToTree(Rules.ofEarlierRun(warmUpSeconds)));
        }
        EarlierMeasurements earlier = new EarlierMeasurements(mapper, warmUpSeconds);
        run.path("trials").forEach(earlier::complete);
        run.path("ledger").path("trials").forEach(counted -> earlier.complete(counted.path("trial")));
    }

    private void complete(JsonNode trial) {
        if (!(trial.path("outcome").path("measurements") instanceof ObjectNode measurements)) {
            return;
        }
        JsonNode generator = measurements.path("generator");
        if (!measurements.has("warmUp")) {
            measurements.set(
                    "warmUp", mapper.valueToTree(new WarmUp(warmUpSeconds, WarmUp.Ended.TIME, "a given time")));
        }
        if (!measurements.has("surroundings")) {
            measurements.set("surroundings", mapper.valueToTree(Surroundings.unknown(NOT_KEPT)));
        }
        if (!measurements.has("voidFor")) {
            ObjectNode voidFor = measurements.putObject("voidFor");
            if (generator.path("limited").asBoolean()) {
                voidFor.put("throughput", "the generator was the limit").put("latency", "the generator was the limit");
            }
        }
        if (generator instanceof ObjectNode cost) {
            for (String field : new String[] {"busyShare", "collections", "pauseMillis", "longestPauseMillis"}) {
                if (!cost.has(field)) {
                    cost.put(field, Measured.unmeasurableText(NOT_KEPT));
                }
            }
        }
    }
}
