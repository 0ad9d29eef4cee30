/// Watches what else the machine does while a trial runs, and says by a rule fixed beforehand when it was too much.
@NullMarked
package ringside.bench.guard;

import org.jspecify.annotations.NullMarked;
