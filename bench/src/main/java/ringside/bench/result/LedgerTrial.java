package ringside.bench.result;

/// A launch in which the kernel's doings were counted. Counting costs something, so that its times and costs stand
/// apart from those of the other trials and are compared with nothing but to say what counting costs.
///
/// @param trial how it went; its index is one among all trials of the run
/// @param ledger what was counted
public record LedgerTrial(Trial trial, Ledger ledger) {}
