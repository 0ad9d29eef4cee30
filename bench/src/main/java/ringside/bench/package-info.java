@NullMarked
package ringside.bench;

import org.jspecify.annotations.NullMarked;
