package ringside.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads that make answers, so that no event loop waits for a directory or a compressor: few, one set for a
/// server, started when they are first needed and gone when they have been idle.
///
/// Work comes in steps of a few milliseconds, first come first served: many answers that are made at once get on
/// evenly. Any thread.
final class Workers implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    /// An answer that is being made holds descriptors and names: that many at most, further ones are refused.
    static final int ANSWERS_MAX = 256;

    private final ThreadPoolExecutor threads;
    private int answers;

    /// @param count of threads, at least 1
    Workers(int count) {
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "ringside-worker");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /// Begins an answer.
    ///
    /// @return false if there are too many: it is to be refused; else [#leave()] when it is done
    synchronized boolean enter() {
        if (answers == ANSWERS_MAX) {
            return false;
        }
        answers++;
        return true;
    }

    /// Whether another answer may begin, by now.
    synchronized boolean hasRoom() {
        return answers < ANSWERS_MAX;
    }

    synchronized void leave() {
        answers--;
    }

    /// Has a step done. What it throws is the step's own business.
    void run(Runnable step) {
        threads.execute(step);
    }

    /// When no answer is being made any more.
    @Override
    public void close() {
        threads.shutdown();
    }
}
