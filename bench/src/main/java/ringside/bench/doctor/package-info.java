/// Whether this machine can be measured on, check by check, with the remedy for what stands in the way.
@NullMarked
package ringside.bench.doctor;

import org.jspecify.annotations.NullMarked;
