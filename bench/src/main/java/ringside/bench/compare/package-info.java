/// Runs of different times held against each other: on which machine, with what yardstick, and what came of it; many of
/// them as a history.
@NullMarked
package ringside.bench.compare;

import org.jspecify.annotations.NullMarked;
