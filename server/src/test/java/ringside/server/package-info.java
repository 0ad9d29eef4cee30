@NullMarked
package ringside.server;

import org.jspecify.annotations.NullMarked;
