/// JMH benchmarks of the parts that every request passes. `./ringside micro` runs them.
@NullMarked
package ringside.bench.micro;

import org.jspecify.annotations.NullMarked;
