/// Results in the formats of others, a file a format.
@NullMarked
package ringside.bench.export;

import org.jspecify.annotations.NullMarked;
