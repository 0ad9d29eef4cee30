/// A run told to people: in the terminal, as Markdown, as one HTML page.
@NullMarked
package ringside.bench.report;

import org.jspecify.annotations.NullMarked;
