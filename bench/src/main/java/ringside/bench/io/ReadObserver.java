package ringside.bench.io;

import java.time.Duration;

/// Learns how an experiment goes. Called on its thread.
public interface ReadObserver {

    /// Something that takes a while and isn't a run: `writing 1 GiB to …`.
    void preparing(String what);

    /// A sentence for the person: what is left out, and why.
    void notice(String sentence);

    /// @param expected how long it takes
    void started(int index, int count, String label, Duration expected);

    void finished(int index, int count, ReadTrial trial);
}
