package ringside.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Objective;
import ringside.bench.plan.PlanText;
import ringside.bench.plan.Until;
import ringside.bench.result.Run;

/// What a plan would do here: who takes part, how many trials, how long.
///
/// @param plan with its spans fixed
/// @param sides labels, the A/A arm last
/// @param baseline label of the side that the others are held against; empty when nobody can run
/// @param skipped with reason and remedy
/// @param trialCount as far as it is known before
/// @param time that it is expected to take
public record Forecast(
        BenchPlan plan, List<String> sides, String baseline, List<Run.Skipped> skipped, int trialCount, Duration time) {

    public Forecast {
        sides = List.copyOf(sides);
        skipped = List.copyOf(skipped);
    }

    static Forecast of(BenchPlan plan, Contenders contenders, Budget budget) {
        List<Contenders.Entrant> entrants = contenders.entrants();
        int trialCount = plan.trialCount(entrants.size());
        Duration fixed = budget.total(trialCount);
        boolean grows = plan.until() != Until.REPEATS && plan.budget().compareTo(fixed) > 0;
        return new Forecast(
                plan,
                entrants.stream().map(Contenders.Entrant::label).toList(),
                contenders.baselineEntrant().map(Contenders.Entrant::label).orElse(""),
                contenders.skipped(),
                trialCount,
                grows ? plan.budget() : fixed);
    }

    /// For a person.
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("%d sides, held against %s: %s%n"
                .formatted(sides.size(), baseline.isEmpty() ? "nobody" : baseline, String.join(", ", sides)));
        for (Run.Skipped skip : skipped) {
            text.append("skipped %s: %s. %s%n".formatted(skip.label(), skip.reason(), skip.remedy()));
        }
        String launches = plan.knee()
                .map(objective -> "a search for the highest rate that holds %s".formatted(objective.text()))
                .orElse(plan.repeats() + " launches each" + (plan.ledger() ? " and one for the ledger" : ""));
        text.append("%d workloads, %s: %s%d trials of %.1f s after %.1f s of warm-up%n"
                .formatted(
                        plan.workloadCount(),
                        launches,
                        isKnown() ? "" : "about ",
                        trialCount,
                        seconds(plan.duration()),
                        seconds(plan.warmUp())));
        text.append(ending()).append(System.lineSeparator());
        text.append("seed %d%n".formatted(plan.seed()));
        return text.toString();
    }

    private String ending() {
        return switch (plan.until()) {
            case REPEATS -> "takes about " + TerminalObserver.span(time);
            case BUDGET -> "goes on, two blocks at a time, for " + TerminalObserver.span(time);
            case RESOLVED ->
                "goes on, two blocks at a time, until every interval reaches at most %.1f %% from its estimate, for %s at most"
                        .formatted(plan.resolve() * 100, TerminalObserver.span(time));
        };
    }

    private boolean isKnown() {
        return plan.until() == Until.REPEATS && plan.knee().isEmpty();
    }

    private static double seconds(Optional<Duration> span) {
        return span.orElse(Duration.ZERO).toMillis() / 1e3;
    }

    /// For a program: the same, and the plan as a file for `--plan`.
    public String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("yaml", PlanText.yaml(plan));
        ArrayNode labels = json.putArray("sides");
        sides.forEach(labels::add);
        json.put("baseline", baseline);
        ArrayNode skips = json.putArray("skipped");
        for (Run.Skipped skip : skipped) {
            skips.addObject()
                    .put("label", skip.label())
                    .put("reason", skip.reason())
                    .put("remedy", skip.remedy());
        }
        json.put("workloads", plan.workloadCount());
        json.put("trials", trialCount);
        json.put("trialsAreKnown", isKnown());
        json.put("warmUpSeconds", seconds(plan.warmUp()));
        json.put("durationSeconds", seconds(plan.duration()));
        json.put("knee", plan.knee().map(Objective::text).orElse(""));
        json.put("until", plan.until().text());
        json.put("seconds", time.toMillis() / 1e3);
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers", e);
        }
    }
}
