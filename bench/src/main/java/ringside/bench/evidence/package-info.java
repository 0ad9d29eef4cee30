/// What a run left behind, as the judge wants it: raw histograms and `run.json` in, verdicts and `verdicts.json` out.
@NullMarked
package ringside.bench.evidence;

import org.jspecify.annotations.NullMarked;
