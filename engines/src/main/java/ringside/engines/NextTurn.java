package ringside.engines;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;

/// Goes on with something when the event loop has looked at its sockets once more.
///
/// A task that a task gives to `execute` doesn't wait for that: Netty's loop runs tasks until there are none, for
/// up to a second (`io.netty.eventLoop.maxTaskProcessingQuantumMs`), and a fast client's long transfer would keep
/// new requests waiting so long. What is to run after the iteration runs when the tasks are done; from there the
/// task is left for the next iteration, which begins with the sockets and, having a task, doesn't wait for them.
///
/// On the loop. One for each task; nothing is allocated later.
final class NextTurn implements Runnable {

    private final EventExecutor loop;
    private final Runnable task;

    NextTurn(EventExecutor loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    /// Runs the task once, after the sockets have had their turn.
    void await() {
        if (loop instanceof SingleThreadEventLoop sockets) {
            sockets.executeAfterEventLoopIteration(this);
        } else {
            run(); // an EmbeddedChannel's loop, which has no sockets
        }
    }

    /// The iteration is over.
    @Override
    public void run() {
        loop.execute(task);
    }
}
