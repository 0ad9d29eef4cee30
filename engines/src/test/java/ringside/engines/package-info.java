@NullMarked
package ringside.engines;

import org.jspecify.annotations.NullMarked;
