/// What a run leaves behind: `run.json`, one `.hlog` per trial, and their summary over launches.
@NullMarked
package ringside.bench.result;

import org.jspecify.annotations.NullMarked;
