package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import ringside.bench.explain.DescriptorTable.Descriptor;

/// A step that is being put together while the trace is read: its end, its descriptors and what it woke come later
/// than its beginning.
final class Draft {

    final Step.Kind kind;
    final long atMicros;
    final int threadId;
    final int depth;

    /// Empty as long as only its end can tell.
    String name;

    /// What the rules know it by: the name, with its variant.
    String ruleName;

    final List<String> arguments = new ArrayList<>();
    final List<Descriptor> descriptors = new ArrayList<>();
    int operation = -1;
    long endMicros = -1;

    @Nullable
    Long result;

    /// In place of the result, where that is a set of flags.
    String resultText = "";

    String suffix = "";
    String meaning = "";
    boolean copiedAfterAll;
    long offset;
    long pages;

    Draft(Step.Kind kind, long atMicros, int threadId, int depth, String name) {
        this.kind = kind;
        this.atMicros = atMicros;
        this.threadId = threadId;
        this.depth = depth;
        this.name = name;
        this.ruleName = name;
    }

    /// What it is about: of splice(2) where the bytes go, else the first.
    DescriptorKind about() {
        if (descriptors.isEmpty()) {
            return DescriptorKind.NONE;
        }
        return (ruleName.equals("splice") ? descriptors.getLast() : descriptors.getFirst()).kind();
    }

    /// When its result was there.
    long resultMicros() {
        return endMicros < 0 ? atMicros : endMicros;
    }

    Step toStep(String text, Flow flow) {
        boolean lasted = endMicros >= 0 && kind != Step.Kind.COMPLETION;
        String plain = result == null ? "" : CallText.result(result);
        return new Step(
                kind,
                atMicros,
                lasted ? OptionalLong.of(endMicros - atMicros) : OptionalLong.empty(),
                threadId,
                depth,
                name,
                arguments,
                about(),
                (resultText.isEmpty() ? plain : resultText) + suffix,
                text,
                operation,
                flow,
                result == null || result < 0 || flow == Flow.NONE ? 0 : result);
    }
}
