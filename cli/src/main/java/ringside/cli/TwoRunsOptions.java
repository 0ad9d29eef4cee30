package ringside.cli;

import picocli.CommandLine.Option;

/// Options of commands that hold runs of two times against each other.
final class TwoRunsOptions {

    @Option(
            names = "--across-machines",
            description = "Compare runs of different machines all the same, with a warning.")
    private boolean acrossMachines;

    @Option(
            names = "--drift",
            paramLabel = "PERCENT",
            defaultValue = "8",
            description = "What the machine may have changed by between the runs, where no peer shows it"
                    + " (default: ${DEFAULT-VALUE}).")
    private double driftPercent;

    boolean acrossMachines() {
        return acrossMachines;
    }

    /// As a part of 1.
    ///
    /// @throws IllegalArgumentException a sentence for a person
    double drift() {
        if (!(driftPercent >= 0 && driftPercent < 100)) {
            throw new IllegalArgumentException("--drift " + driftPercent + ": give a percentage from 0 to below 100");
        }
        return driftPercent / 100;
    }
}
