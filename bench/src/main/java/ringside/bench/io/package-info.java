/// Reading engines without a network: one process, one event loop, so many reads under way at once, as fio
/// would do it, and fio itself beside them. `./ringside io` runs it.
///
/// ```
///  IoExperiment ── starts, pinned ──► ringside io --events   JobRun ─ ReadDriver ─ FileReader of the engine
///       │                       └──► fio --output-format=json
///       └─ CostMeter: CPU of the process, busy time of its CPU, over the measured window
/// ```
@NullMarked
package ringside.bench.io;

import org.jspecify.annotations.NullMarked;
