package ringside.bench.plan;

import java.util.List;
import java.util.regex.Pattern;

/// Writes a plan as a file for `--plan`. [PlanFile] reads it back as the same plan.
public final class PlanText {

    /// What YAML reads as the text that is written, whatever its type.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9._/%<=+-]*(:[A-Za-z0-9._/%<=+-]+)*");

    private PlanText() {}

    public static String yaml(BenchPlan plan) {
        StringBuilder yaml = new StringBuilder();
        for (PlanKey key : PlanKey.values()) {
            List<String> values = key.of(plan);
            if (values.isEmpty()) {
                continue;
            }
            yaml.append(key.text()).append(": ");
            if (key.isList()) {
                yaml.append('[')
                        .append(String.join(
                                ", ", values.stream().map(PlanText::scalar).toList()))
                        .append("]\n");
            } else {
                yaml.append(scalar(values.getFirst())).append('\n');
            }
        }
        sides(plan, yaml);
        return yaml.toString();
    }

    private static void sides(BenchPlan plan, StringBuilder yaml) {
        if (plan.sides().isEmpty()) {
            return;
        }
        yaml.append(PlanKey.SIDES).append(":\n");
        for (SideSpec side : plan.sides()) {
            yaml.append("  - name: ").append(scalar(side.name())).append('\n');
            side.values()
                    .forEach((key, value) -> yaml.append("    ")
                            .append(key.text())
                            .append(": ")
                            .append(
                                    key == SideSpec.Key.COMMAND || key == SideSpec.Key.JVM
                                            ? quoted(value)
                                            : scalar(value))
                            .append('\n'));
        }
    }

    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /// In YAML's double quotes, whose escapes are those of JSON and more.
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append("\\x%02x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
