@NullMarked
package ringside.linux;

import org.jspecify.annotations.NullMarked;
