@NullMarked
package ringside.content.webroot;

import org.jspecify.annotations.NullMarked;
