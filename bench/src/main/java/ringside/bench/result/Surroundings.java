package ringside.bench.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the machine did around a trial beside running it, and whether that was too much by the run's [GuardRule].
///
/// The three spans follow each other without a gap, from the end of the trial before, or the start of the run, to the
/// end of this one.
///
/// @param before until the window begins: the pause between trials, the server's start, the warm-up
/// @param within the window
/// @param after until the server has ended
/// @param disturbances what broke the rule, a sentence each; empty when nothing did
public record Surroundings(Span before, Span within, Span after, List<String> disturbances) {

    public Surroundings {
        disturbances = List.copyOf(disturbances);
        disturbances.forEach(sentence -> Require.text("disturbances", sentence));
    }

    /// Nothing is known, for one reason.
    public static Surroundings unknown(String why) {
        Span span = Span.unknown(why);
        return new Surroundings(span, span, span, List.of());
    }

    /// A span of time. "The trial's CPUs" are those of the server and of the generator.
    ///
    /// @param seconds its length; 0 when nothing is known
    /// @param othersCpus CPU time on the trial's CPUs that neither its processes nor kernel threads used / seconds:
    ///     0.2 is a fifth of one CPU. Within 10 ms for each CPU and end
    /// @param othersByName CPU time of the programs that used most of it / seconds, wherever they ran; with that of
    ///     their children that have ended
    /// @param stolenShare part of the time that the hypervisor took from the trial's CPUs, 0 to 1
    /// @param cpuPressureShare part of the time in which some task waited for a CPU, of the whole machine and the
    ///     trial's own tasks included, 0 to 1 (pressure stall information)
    /// @param ioPressureShare the same for I/O
    /// @param memoryPressureShare the same for memory
    /// @param runnableTasks tasks that ran or could have run at the end of the span, the trial's own included
    /// @param frequencyMegahertz the lowest of the trial's CPUs at the end of the span
    /// @param throttleEvents how often the trial's CPUs were slowed down for their heat
    /// @param clockJumpMillis by how much the wall clock moved other than the monotonic one: it was set, or the
    ///     machine was suspended
    public record Span(
            double seconds,
            Measured othersCpus,
            Map<String, Double> othersByName,
            Measured stolenShare,
            Measured cpuPressureShare,
            Measured ioPressureShare,
            Measured memoryPressureShare,
            Measured runnableTasks,
            Measured frequencyMegahertz,
            Measured throttleEvents,
            Measured clockJumpMillis) {
        public Span {
            othersByName = Collections.unmodifiableMap(new TreeMap<>(othersByName));
            Require.notNegative("seconds", seconds);
            Require.notNegative("othersCpus", othersCpus);
            othersByName.forEach((name, cpus) -> Require.notNegative("othersByName." + name, cpus));
            Require.fraction("stolenShare", stolenShare);
            Require.fraction("cpuPressureShare", cpuPressureShare);
            Require.fraction("ioPressureShare", ioPressureShare);
            Require.fraction("memoryPressureShare", memoryPressureShare);
            Require.notNegative("runnableTasks", runnableTasks);
            Require.notNegative("frequencyMegahertz", frequencyMegahertz);
            Require.notNegative("throttleEvents", throttleEvents);
            Require.notNegative("clockJumpMillis", clockJumpMillis);
        }

        /// Nothing is known, for one reason.
        public static Span unknown(String why) {
            Measured no = Measured.unmeasurable(why);
            return new Span(0, no, Map.of(), no, no, no, no, no, no, no, no);
        }
    }
}
