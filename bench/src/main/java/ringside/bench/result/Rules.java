package ringside.bench.result;

/// What was fixed before the first trial, so that no result can have a say in it: when a warm-up ends, and which trials
/// don't count for what the machine did meanwhile.
public record Rules(WarmUpRule warmUp, GuardRule guard) {

    /// Of runs that were made before there were such rules: the warm-up took a given time, nobody watched the machine.
    static Rules ofEarlierRun(double warmUpSeconds) {
        return new Rules(WarmUpRule.time(warmUpSeconds), GuardRule.of(GuardRule.Mode.OFF));
    }
}
