@NullMarked
package ringside.cli;

import org.jspecify.annotations.NullMarked;
