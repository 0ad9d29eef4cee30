package ringside.bench.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Gives a `run.json` of schema version 1 the fields that came to that version later, with the value that says what
/// was so before there was a choice.
final class EarlierRun {

    private EarlierRun() {}

    /// @param run changed in place; what isn't of the expected shape is left to the reader's complaint
    /// @param noLedgers what a run without ledgers has
    static void complete(ObjectNode run, JsonNode noLedgers) {
        if (!run.has("ledger")) {
            run.set("ledger", noLedgers);
        }
        complete(run, "binary", "");
        if (!run.has("notes")) {
            run.putArray("notes");
        }
        if (run.path("plan") instanceof ObjectNode plan) {
            for (String text : new String[] {"baseline", "control", "knee", "yaml"}) {
                complete(plan, text, "");
            }
            complete(plan, "until", Plan.UNTIL_REPEATS);
            if (!plan.has("resolve")) {
                plan.put("resolve", 0);
            }
            if (!plan.has("map")) {
                plan.putArray("map");
            }
        }
        run.path("trials").forEach(EarlierRun::completeTrial);
        run.path("ledger").path("trials").forEach(counted -> completeTrial(counted.path("trial")));
    }

    private static void completeTrial(JsonNode trial) {
        if (trial.path("side") instanceof ObjectNode side) {
            complete(side, "build", "");
            complete(side, "command", "");
            if (!side.has("jvmFlags")) {
                side.putArray("jvmFlags");
            }
        }
    }

    private static void complete(ObjectNode node, String field, String value) {
        if (!node.has(field)) {
            node.put(field, value);
        }
    }
}
