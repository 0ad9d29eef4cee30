package ringside.bench.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// A result for a program.
public final class VerifyJson {

    private VerifyJson() {}

    public static String of(VerifyResult result) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        VerifyPlan plan = result.plan();
        ObjectNode root = mapper.createObjectNode()
                .put("seed", plan.seed())
                .put("secondsPerPair", plan.time().toMillis() / 1e3)
                .put("connections", plan.connections())
                .put("mutate", plan.mutate())
                .put("replacements", plan.replacements())
                .put("complete", !result.interrupted())
                .put("good", result.isGood());
        ArrayNode pairs = root.putArray("pairs");
        for (PairResult pair : result.pairs()) {
            ObjectNode node = pairs.addObject()
                    .put("engine", pair.engine())
                    .put("transport", pair.transport().id());
            switch (pair.outcome()) {
                case PairResult.Checked checked -> checked(node, checked, VerifyTable.command(pair, plan));
                case PairResult.Unavailable(String reason, String remedy) ->
                    node.put("outcome", "unavailable").put("reason", reason).put("remedy", remedy);
            }
        }
        return mapper.writeValueAsString(root);
    }

    private static void checked(ObjectNode node, PairResult.Checked checked, String command) {
        Counts counts = checked.counts();
        node.put("outcome", checked.found().isEmpty() ? "right" : "wrong")
                .put("seconds", Math.round(checked.seconds() * 1e3) / 1e3)
                .put("responses", counts.responses())
                .put("bodyBytes", counts.bodyBytes())
                .put("pipelined", counts.pipelined())
                .put("aborts", counts.aborts())
                .put("stalls", counts.stalls())
                .put("trickles", counts.trickles())
                .put("halves", counts.halves())
                .put("absent", counts.absent())
                .put("cut", counts.cut())
                .put("refused", counts.refused())
                .put("zeroedBytes", counts.zeroedBytes())
                .put("changes", counts.changes());
        ObjectNode counted = node.putObject("engineCounts");
        checked.engineCounts().forEach(counted::put);
        ObjectNode found = node.putObject("found");
        checked.found().forEach((kind, count) -> found.put(kind.word(), count));
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : checked.findings()) {
            findings.addObject().put("kind", finding.kind().word()).put("what", finding.what());
        }
        checked.notes().forEach(node.putArray("notes")::add);
        node.put("command", command);
    }
}
