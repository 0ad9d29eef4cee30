package ringside.bench.io;

import java.util.Map;
import ringside.bench.result.Measured;

/// Counts what the kernel does for a reading process: system calls, faults, block requests. An experiment
/// runs with or without one. Called on the experiment's thread.
public interface KernelLedger {

    /// The process is up, its ring and its threads are made, and it has not begun to measure.
    ///
    /// @param processId of `ringside io` or of fio
    Entry attach(long processId);

    /// One process's page.
    interface Entry extends AutoCloseable {
        /// The window begins.
        void begin();

        /// The window ends.
        ///
        /// @return events per second of the time since [#begin()], by name; what can't be counted says why
        Map<String, Measured> endPerSecond();

        @Override
        void close();
    }
}
