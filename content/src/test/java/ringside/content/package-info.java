@NullMarked
package ringside.content;

import org.jspecify.annotations.NullMarked;
