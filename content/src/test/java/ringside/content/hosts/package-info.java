@NullMarked
package ringside.content.hosts;

import org.jspecify.annotations.NullMarked;
