/// One request, explained by what the kernel did for it: every system call, submission and completion in its
/// order.
@NullMarked
package ringside.bench.explain;

import org.jspecify.annotations.NullMarked;
