package ringside.bench.trial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;

/// The processes that a run has started and not yet seen the end of.
///
/// Safe to use from any thread: the shutdown hook closes it while a trial starts a process, and exactly one of
/// the two comes first. After [#close()] nothing is started any more and nothing of what was started lives.
public final class Children implements AutoCloseable {

    private static final int DEATH_SECONDS_MAX = 5;

    private final CpuAffinity affinity;
    private final Set<Child> living = new HashSet<>();
    private boolean closed;

    public Children(CpuAffinity affinity) {
        this.affinity = affinity;
    }

    /// Starts a process. A process inherits the CPUs of the thread that starts it, from its first instruction
    /// on: the calling thread, which must be a platform thread, moves to `cpus` for the moment of the start.
    ///
    /// @param label for messages: `server`, `generator`, `nginx`
    /// @param cpus where it and its children may run; empty: wherever the caller may
    /// @throws IOException when the program can't be started
    /// @throws IllegalStateException when the run is being ended
    public Child start(String label, List<String> command, CpuSet cpus) throws IOException {
        Child child = startListening(label, command, cpus);
        try {
            child.sayNothing();
        } catch (IOException e) {
            child.kill();
            throw e;
        }
        return child;
    }

    /// As [#start], for a child that is going to be told something.
    Child startListening(String label, List<String> command, CpuSet cpus) throws IOException {
        synchronized (living) {
            requireOpen();
            CpuSet before = affinity.get();
            if (!cpus.isEmpty()) {
                affinity.set(cpus);
            }
            Child child;
            try {
                child = new Child(label, command, this);
                living.add(child);
            } finally {
                affinity.set(before);
            }
            child.read();
            return child;
        }
    }

    /// Forgets a process that has ended.
    void ended(Child child) {
        synchronized (living) {
            living.remove(child);
        }
    }

    /// @throws IllegalStateException when the run is being ended
    public void requireOpen() {
        synchronized (living) {
            if (closed) {
                throw new IllegalStateException("the run is being ended: nothing is started any more");
            }
        }
    }

    /// How many processes haven't ended.
    public int livingCount() {
        synchronized (living) {
            return living.size();
        }
    }

    /// Kills every process with its descendants, and waits for their end.
    @Override
    public void close() {
        List<Child> rest;
        synchronized (living) {
            closed = true;
            rest = new ArrayList<>(living);
        }
        rest.forEach(Child::kill);
    }

    /// Kills a process and everything that descends from it. The descendants are listed first, since the children
    /// of a killed process go to init and can't be found from it any more; the root dies first, since one such as
    /// nginx's master starts a new worker for each that dies.
    static void killTree(ProcessHandle root) {
        List<ProcessHandle> tree = new ArrayList<>(List.of(root));
        tree.addAll(root.descendants().toList());
        tree.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : tree) {
            try {
                process.onExit().get(DEATH_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new IllegalStateException("process " + process.pid() + " doesn't die of SIGKILL", e);
            }
        }
    }
}
