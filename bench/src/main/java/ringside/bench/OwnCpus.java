package ringside.bench;

import java.io.File;
import ringside.bench.trial.CpuPlan;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.Errno;
import ringside.linux.JvmCompilers;
import ringside.linux.KernelException;
import ringside.linux.NiceValue;

/// Keeps all threads of this JVM, its compiler and its collector too, off the server's CPU for the time of a run.
/// Threads that start meanwhile inherit it from those that start them. On the generator's CPU, which is left, the
/// compilers step back for good: in a run's first trials they made it late by several ms.
public final class OwnCpus implements AutoCloseable {

    private final CpuAffinity affinity;
    private final CpuSet before;

    private OwnCpus(CpuAffinity affinity, CpuSet before) {
        this.affinity = affinity;
        this.before = before;
    }

    public static OwnCpus confine(CpuAffinity affinity, CpuPlan cpus) {
        if (cpus.isPinned()) {
            setAll(affinity, cpus.available().minus(cpus.server()));
            JvmCompilers.giveNice(NiceValue.BEHIND_OTHERS);
        }
        return new OwnCpus(affinity, cpus.available());
    }

    @Override
    public void close() {
        setAll(affinity, before);
    }

    private static void setAll(CpuAffinity affinity, CpuSet cpus) {
        String[] threads = new File("/proc/self/task").list();
        if (threads == null) {
            affinity.set(cpus);
            return;
        }
        for (String thread : threads) {
            try {
                affinity.set(Integer.parseInt(thread), cpus);
            } catch (KernelException e) {
                if (e.errno().number() != Errno.ESRCH) {
                    throw e;
                }
            }
        }
    }
}
