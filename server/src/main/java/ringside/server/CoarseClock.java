package ringside.server;

/// The time, to the second: for `Date`, for the checking of cached files, for timeouts. Any thread.
interface CoarseClock {

    Tick tick();

    /// Has `task` run about once a second, on a thread of the clock's: it must not take long.
    void everySecond(Runnable task);

    /// Undoes [#everySecond(Runnable)].
    void noLonger(Runnable task);
}
