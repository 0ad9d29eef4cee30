/// Whether a launch has come to its steady state: change points of a series, and the criterion made of them.
@NullMarked
package ringside.bench.steady;

import org.jspecify.annotations.NullMarked;
