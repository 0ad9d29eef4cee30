package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A thread of the server while the trace is read.
final class ThreadState {

    final int threadId;
    final ThreadRole role;
    final List<Timeline.Away> away = new ArrayList<>();

    /// The system call that it is in.
    @Nullable
    Draft call;

    /// The sleep that it is in, within a call.
    @Nullable
    Draft sleep;

    /// Its time on a CPU, for threads that know no calls.
    @Nullable
    Draft run;

    /// The last of its steps.
    @Nullable
    Draft last;

    /// Since when it isn't on a CPU; -1 when it is, or when that isn't known yet.
    long awaySinceMicros = -1;

    /// When it was woken since; -1 when it hasn't been.
    long wokenMicros = -1;

    /// Whether one of its calls was seen, at least the end: before that it may be in one.
    boolean seen;

    boolean touched;
    String wakerName = "";

    ThreadState(int threadId, ThreadRole role) {
        this.threadId = threadId;
        this.role = role;
    }

    int depth() {
        return call == null ? 0 : 1;
    }

    /// @param runnable whether it was taken off the CPU against its will
    void leaves(long atMicros, boolean runnable) {
        awaySinceMicros = atMicros;
        wokenMicros = runnable ? atMicros : -1;
    }

    /// Woken, it waits for a CPU.
    void woken(long atMicros) {
        if (wokenMicros < 0) {
            wokenMicros = atMicros;
        }
    }

    /// It was away since the start of the trace when nobody saw it leave.
    void returns(long atMicros) {
        long since = Math.max(0, awaySinceMicros);
        long woken = wokenMicros < 0 ? atMicros : Math.clamp(wokenMicros, since, atMicros);
        if (woken > since) {
            away.add(new Timeline.Away(since, woken, false));
        }
        if (atMicros > woken) {
            away.add(new Timeline.Away(woken, atMicros, true));
        }
        awaySinceMicros = -1;
        wokenMicros = -1;
    }
}
