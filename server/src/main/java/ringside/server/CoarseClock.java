package ringside.server;

import java.time.Instant;
import java.time.InstantSource;

/// The time, to the second: for `Date`, for the checking of cached files, for timeouts. Any thread.
interface CoarseClock extends InstantSource {

    Tick tick();

    @Override
    default Instant instant() {
        return Instant.ofEpochSecond(tick().wallSeconds);
    }

    /// Has `task` run about once a second, on a thread of the clock's: it must not take long.
    void everySecond(Runnable task);

    /// Undoes [#everySecond(Runnable)].
    void noLonger(Runnable task);
}
