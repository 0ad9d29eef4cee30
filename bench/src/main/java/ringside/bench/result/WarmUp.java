package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a launch was warmed up.
///
/// @param seconds from the first request to the start of the window
/// @param ended why it ended
/// @param sentence what was seen, for the reader
public record WarmUp(double seconds, Ended ended, String sentence) {

    /// Why a warm-up ended.
    public enum Ended {
        /// The launch had come to its steady state, by the run's [WarmUpRule].
        @JsonProperty("steady")
        STEADY,
        /// It hadn't when the time for it was over: measured all the same, and marked.
        @JsonProperty("no steady state")
        UNSTEADY,
        /// A given time was over; nobody asked whether the launch was steady.
        @JsonProperty("time")
        TIME
    }

    public WarmUp {
        Require.notNegative("seconds", seconds);
        Require.text("sentence", sentence);
    }
}
