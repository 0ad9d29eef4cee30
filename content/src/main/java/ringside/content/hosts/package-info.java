/// Which content answers for which host: names, the table of them, and the directory that it is read from.
@NullMarked
package ringside.content.hosts;

import org.jspecify.annotations.NullMarked;
