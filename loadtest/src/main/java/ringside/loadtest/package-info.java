@NullMarked
package ringside.loadtest;

import org.jspecify.annotations.NullMarked;
