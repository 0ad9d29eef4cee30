package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/// When a trial counts as disturbed, and what becomes of it: fixed before the first trial and kept in `run.json`.
///
/// A trial is disturbed when, within its window, one of these is exceeded. What the machine can't say
/// ([Measured.Unmeasurable]) exceeds nothing.
///
/// @param mode what becomes of a disturbed trial
/// @param othersCpusMost CPU time of other programs on the trial's CPUs / time, in CPUs
/// @param stolenShareMost part of the time that the hypervisor may take from the trial's CPUs
/// @param memoryPressureShareMost part of the time in which tasks may wait for memory
/// @param throttleEventsMost how often the trial's CPUs may be slowed down for their heat
/// @param clockJumpMillisMost by how much the wall clock may part from the monotonic one
public record GuardRule(
        Mode mode,
        double othersCpusMost,
        double stolenShareMost,
        double memoryPressureShareMost,
        double throttleEventsMost,
        double clockJumpMillisMost) {

    /// What becomes of a disturbed trial.
    public enum Mode {
        /// It is void: shown with the reason, not counted.
        @JsonProperty("exclude")
        EXCLUDE,
        /// It counts, and says so in its notes: for machines that are never quiet.
        @JsonProperty("mark")
        MARK,
        /// The machine isn't watched at all.
        @JsonProperty("off")
        OFF
    }

    public GuardRule {
        Require.notNegative("othersCpusMost", othersCpusMost);
        Require.notNegative("stolenShareMost", stolenShareMost);
        Require.notNegative("memoryPressureShareMost", memoryPressureShareMost);
        Require.notNegative("throttleEventsMost", throttleEventsMost);
        Require.notNegative("clockJumpMillisMost", clockJumpMillisMost);
    }

    /// The limits that runs have: 5 % of a CPU for others, 2 % stolen, 1 % of waiting for memory, no throttling, 100 ms
    /// between the clocks. See `docs/decisions` on the figures.
    public static GuardRule of(Mode mode) {
        return new GuardRule(mode, 0.05, 0.02, 0.01, 0, 100);
    }
}
