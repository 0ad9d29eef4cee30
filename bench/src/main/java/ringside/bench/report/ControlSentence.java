package ringside.bench.report;

import java.util.Optional;
import ringside.bench.result.Run;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// What the A/A arm showed: two equal servers, by how much they differed here.
final class ControlSentence {

    private ControlSentence() {}

    /// `A/A: blocking/epoll once more took 1.02× the CPU per request at 0.99× the rate (2 launches each): so much lies
    /// between equal servers here.` Empty without an A/A arm.
    static Optional<String> of(Run run, Group group) {
        if (group.control().isEmpty()) {
            return Optional.empty();
        }
        String label = run.plan().baseline();
        Point control = group.control().get();
        Optional<Point> baseline = group.point(label);
        Optional<String> cpu = baseline.flatMap(point -> ratio(control.cpuMicros(), point.cpuMicros()));
        Optional<String> rate =
                baseline.flatMap(point -> ratio(control.requestsPerSecond(), point.requestsPerSecond()));
        if (baseline.isEmpty()) {
            return Optional.empty(); // In a search for a knee, each side has rates of its own.
        }
        if (cpu.isEmpty() || rate.isEmpty()) {
            return Optional.of("A/A: " + label
                    + " and its twin can't be compared: one of them has no valid launch, or no known cost.");
        }
        int launches = Math.min(control.valid(), baseline.get().valid());
        return Optional.of(("A/A: %s once more took %s the CPU per request at %s the rate (%s each): so much lies"
                        + " between equal servers here.")
                .formatted(label, cpu.get(), rate.get(), Words.count(launches, "launch", "launches")));
    }

    private static Optional<String> ratio(Spread control, Spread baseline) {
        return control instanceof Spread.Over of && baseline instanceof Spread.Over to && to.median() > 0
                ? Optional.of(Words.ratio(of.median() / to.median()))
                : Optional.empty();
    }
}
