package ringside.bench.verify;

import java.util.Locale;
import java.util.stream.Collectors;

/// A result for a person: a row for each pair, and below it what was found.
public final class VerifyTable {

    private static final String GREEN = "\033[32m";
    private static final String YELLOW = "\033[33m";
    private static final String RED = "\033[31m";
    private static final String PLAIN = "\033[0m";

    private final boolean colours;

    public VerifyTable(boolean colours) {
        this.colours = colours;
    }

    /// Ends in a line end.
    public String render(VerifyResult result) {
        int width = result.pairs().stream()
                .mapToInt(pair -> pair.engine().length())
                .max()
                .orElse(6);
        width = Math.max(width, 6);
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-" + width + "s %-9s %10s %9s %9s %7s %7s %7s %7s  %s%n",
                "engine",
                "transport",
                "responses",
                "MB",
                "pipelined",
                "aborts",
                "stalls",
                "halves",
                "cut",
                "verdict"));
        for (PairResult pair : result.pairs()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + width + "s %-9s",
                    pair.engine(),
                    pair.transport().id()));
            switch (pair.outcome()) {
                case PairResult.Checked checked -> row(text, checked, result.plan());
                case PairResult.Unavailable(String reason, String _) ->
                    text.append(' ')
                            .append(colour(YELLOW, "unavailable: " + reason))
                            .append('\n');
            }
        }
        for (PairResult pair : result.pairs()) {
            details(text, pair, result.plan());
        }
        return text.append(summary(result)).append('\n').toString();
    }

    private void row(StringBuilder text, PairResult.Checked checked, VerifyPlan plan) {
        Counts counts = checked.counts();
        text.append(String.format(
                Locale.ROOT,
                " %,10d %,9.0f %,9d %,7d %,7d %,7d %,7d  ",
                counts.responses(),
                counts.bodyBytes() / 1e6,
                counts.pipelined(),
                counts.aborts(),
                counts.stalls(),
                counts.halves(),
                counts.cut()));
        if (checked.found().isEmpty()) {
            text.append(colour(GREEN, "right"));
        } else {
            StringBuilder found = new StringBuilder();
            for (Finding.Kind kind : Finding.Kind.values()) {
                if (checked.found(kind) > 0) {
                    found.append(found.isEmpty() ? "" : ", ")
                            .append(checked.found(kind))
                            .append(' ')
                            .append(kind.word());
                }
            }
            text.append(colour(RED, found.toString()));
        }
        if (plan.replacements() > 0) {
            text.append(String.format(Locale.ROOT, "; %,d replacements", counts.changes()));
        } else if (counts.changes() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "; %,d changes, %,d answers refused, %,d bytes cleared",
                    counts.changes(),
                    counts.refused(),
                    counts.zeroedBytes()));
        }
        text.append('\n');
    }

    private void details(StringBuilder text, PairResult pair, VerifyPlan plan) {
        switch (pair.outcome()) {
            case PairResult.Checked checked -> {
                if (!checked.engineCounts().isEmpty()) {
                    text.append(pair.label())
                            .append(" counted: ")
                            .append(counted(checked))
                            .append('\n');
                }
                for (Finding finding : checked.findings()) {
                    text.append(colour(RED, pair.label() + ": " + finding)).append('\n');
                }
                for (String note : checked.notes()) {
                    text.append(pair.label()).append(": ").append(note).append('\n');
                }
                if (!checked.findings().isEmpty()) {
                    text.append("  to see it again: ")
                            .append(command(pair, plan))
                            .append('\n');
                }
            }
            case PairResult.Unavailable(String reason, String remedy) ->
                text.append(pair.label() + ": " + reason + ". " + remedy).append('\n');
        }
    }

    /// `fixed reads 1,204, ring reads 1,204`
    private static String counted(PairResult.Checked checked) {
        return checked.engineCounts().entrySet().stream()
                .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
                .collect(Collectors.joining(", "));
    }

    /// As the command line takes it.
    static String command(PairResult pair, VerifyPlan plan) {
        return String.format(
                Locale.ROOT,
                "./ringside verify --engine %s --transport %s --connections %d --seconds %s --seed %d%s%s",
                pair.engine(),
                pair.transport().id(),
                plan.connections(),
                plan.time().toMillis() / 1e3,
                plan.seed(),
                plan.mutate() ? " --mutate" : "",
                plan.replacements() > 0 ? " --replace " + plan.replacements() : "");
    }

    private String summary(VerifyResult result) {
        long responses = 0;
        int checked = 0;
        int bad = 0;
        for (PairResult pair : result.pairs()) {
            if (pair.outcome() instanceof PairResult.Checked ran) {
                checked++;
                bad += pair.isGood() ? 0 : 1;
                responses += ran.counts().responses();
            }
        }
        String tried =
                String.format(Locale.ROOT, "%,d responses of %d pairs checked byte for byte", responses, checked);
        String verdict = bad > 0
                ? colour(RED, bad + " of the pairs went wrong")
                : result.isAnythingChecked() ? colour(GREEN, "nothing wrong") : colour(YELLOW, "nothing is known");
        return (result.interrupted() ? colour(YELLOW, "stopped early") + "; " : "") + tried + ": " + verdict;
    }

    private String colour(String code, String text) {
        return colours ? code + text + PLAIN : text;
    }
}
