/// Many runs as a history: when did something change?
@NullMarked
package ringside.bench.history;

import org.jspecify.annotations.NullMarked;
