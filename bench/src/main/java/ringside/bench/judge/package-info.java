/// The judge: numbers of launches in, verdicts out. Reads nothing, writes nothing, and gives the same verdict for the
/// same numbers and seed.
@NullMarked
package ringside.bench.judge;

import org.jspecify.annotations.NullMarked;
