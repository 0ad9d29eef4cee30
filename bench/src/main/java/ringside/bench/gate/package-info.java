/// The gate of a CI: a run against a baseline that was kept, one answer.
@NullMarked
package ringside.bench.gate;

import org.jspecify.annotations.NullMarked;
