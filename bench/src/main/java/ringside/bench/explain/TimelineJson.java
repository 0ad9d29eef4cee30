package ringside.bench.explain;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// An explanation as JSON: everything, the threads that didn't take part too. Times in microseconds since the
/// request arrived.
public final class TimelineJson {

    private static final JsonMapper MAPPER = new JsonMapper();

    private TimelineJson() {}

    public static String render(Explanation explanation) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("side", explanation.side());
        root.put("sizeBytes", explanation.sizeBytes());
        root.put("cache", explanation.cold() ? "cold" : "hot");
        root.put("kernelRelease", explanation.kernelRelease());
        root.put("pinnedCpu", explanation.pinnedCpu());
        root.put("requests", explanation.requests());
        root.put("requestsAlike", explanation.alike());
        root.put("warmUpRequests", explanation.warmUpRequests());
        root.put("responseBytes", explanation.responseBytes());
        root.put("cachedPagesBefore", explanation.cachedPages());
        root.put("filePages", explanation.totalPages());
        root.put("spanMicros", explanation.timeline().spanMicros());
        ArrayNode notes = root.putArray("notes");
        explanation.notes().forEach(notes::add);
        root.set("totals", MAPPER.valueToTree(explanation.timeline().totals()));
        root.set("engineCounts", MAPPER.valueToTree(explanation.engineCounts()));
        threads(root.putArray("threads"), explanation.timeline());
        ArrayNode steps = root.putArray("steps");
        for (Step step : explanation.timeline().steps()) {
            step(steps.addObject(), explanation.timeline(), step);
        }
        return root.toPrettyString() + "\n";
    }

    private static void threads(ArrayNode threads, Timeline timeline) {
        for (Timeline.Lane lane : timeline.threads()) {
            ObjectNode thread = threads.addObject();
            thread.put("id", lane.threadId());
            thread.put("name", lane.name());
            thread.put("role", lower(lane.role()));
            thread.put("takesPart", lane.takesPart());
            ArrayNode away = thread.putArray("away");
            for (Timeline.Away span : lane.away()) {
                away.addObject()
                        .put("fromMicros", span.fromMicros())
                        .put("toMicros", span.toMicros())
                        .put("preempted", span.preempted());
            }
        }
    }

    private static void step(ObjectNode node, Timeline timeline, Step step) {
        node.put("kind", lower(step.kind()));
        node.put("atMicros", step.atMicros());
        step.durationMicros().ifPresent(micros -> node.put("durationMicros", micros));
        if (step.threadId() != Timeline.DEVICE) {
            node.put("threadId", step.threadId());
        }
        node.put("thread", timeline.name(step.threadId()));
        node.put("name", step.name());
        ArrayNode arguments = node.putArray("arguments");
        step.arguments().forEach(arguments::add);
        node.put("descriptor", lower(step.descriptor()));
        node.put("result", step.result().strip());
        node.put("meaning", step.meaning());
        if (step.operation() >= 0) {
            node.put("operation", step.operation());
        }
        if (step.bytes() > 0) {
            node.put("flow", lower(step.flow()));
            node.put("bytes", step.bytes());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
