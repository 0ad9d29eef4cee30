package ringside.linux;

/// What one CPU, or all together, did since boot, in ticks: a `cpu` line of `/proc/stat`, proc_stat(5).
///
/// Time that a guest ran is in `user` and `nice` already. Without `CONFIG_IRQ_TIME_ACCOUNTING` the times of
/// interrupts are sampled at the tick. `iowait` is idle time during which somebody waited for a device.
public record CpuTimes(long user, long nice, long system, long idle, long iowait, long irq, long softirq, long steal) {

    private static final int FIELDS = 8;

    /// @param fields the line behind its first word: at least eight numbers (Linux 2.6.11)
    static CpuTimes parse(String fields) {
        String[] words = fields.strip().split(" ", -1);
        if (words.length < FIELDS) {
            throw new IllegalArgumentException("the cpu line '" + fields.strip() + "' has fewer than 8 numbers");
        }
        long[] ticks = new long[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            ticks[i] = KeyedLines.parseNumber("cpu line of /proc/stat", words[i]);
        }
        return new CpuTimes(ticks[0], ticks[1], ticks[2], ticks[3], ticks[4], ticks[5], ticks[6], ticks[7]);
    }

    /// Time that this CPU worked, soft interrupts included: what a program cost even where no process is billed
    /// for it.
    ///
    /// With `CONFIG_TICK_CPU_ACCOUNTING`, as distributions build it, these are samples: a whole tick (1/HZ s, 4 ms
    /// at HZ=250) goes to whatever the timer interrupts. Work in step with the timer is counted too often or
    /// never; [#busyNanosSince] isn't fooled by that.
    public long busyTicks() {
        return user + nice + system + irq + softirq;
    }

    /// Time that it had nothing to do.
    public long idleTicks() {
        return idle + iowait;
    }

    /// All of the time, that which the hypervisor gave to others (`steal`) included.
    public long totalTicks() {
        return busyTicks() + idleTicks() + steal;
    }

    /// Time that these CPUs worked since `earlier`, soft interrupts included, as what is left of the elapsed time
    /// when that without work is taken off: elapsed − idle − iowait − steal.
    ///
    /// On kernels with `CONFIG_NO_HZ_COMMON` and high-resolution timers `idle` and `iowait` of an online CPU are
    /// no samples: the kernel takes the time when the idle task starts, stops, and is interrupted
    /// (`get_cpu_idle_time_us` and `get_cpu_iowait_time_us` of `kernel/time/tick-sched.c`, asked for by
    /// `fs/proc/stat.c` since 3.0). Both are then cut to ticks: at either end one tick (10 ms) of each may be
    /// missing. Without them (`nohz=off highres=off`) this is as coarse as [#busyTicks()]. `steal` is what the
    /// hypervisor says.
    ///
    /// Not for the sum over all CPUs where some went offline in between: their idle time is the sampled one.
    ///
    /// @param elapsedNanos between the two readings, on `CLOCK_MONOTONIC`, times the number of CPUs added up here
    /// @param ticksPerSecond [SystemStat#ticksPerSecond()]
    /// @return at least 0, which roundings of idle CPUs can get below
    /// @throws IllegalArgumentException if `elapsedNanos` is negative: the readings came in another order
    public long busyNanosSince(CpuTimes earlier, long elapsedNanos, long ticksPerSecond) {
        if (elapsedNanos < 0 || ticksPerSecond <= 0) {
            throw new IllegalArgumentException(elapsedNanos + " ns at " + ticksPerSecond + " ticks a second: the "
                    + "elapsed time is at least 0 and a second has ticks");
        }
        CpuTimes since = minus(earlier);
        long ticksWithoutWork = since.idle + since.iowait + since.steal;
        return Math.max(0, elapsedNanos - Math.round(ticksWithoutWork * (1e9 / ticksPerSecond)));
    }

    /// What came since `earlier`. The kernel lets `idle` and `iowait` run backwards now and then; such a
    /// difference is 0.
    public CpuTimes minus(CpuTimes earlier) {
        return new CpuTimes(
                user - earlier.user,
                nice - earlier.nice,
                system - earlier.system,
                Math.max(0, idle - earlier.idle),
                Math.max(0, iowait - earlier.iowait),
                irq - earlier.irq,
                softirq - earlier.softirq,
                steal - earlier.steal);
    }

    public CpuTimes plus(CpuTimes other) {
        return new CpuTimes(
                user + other.user,
                nice + other.nice,
                system + other.system,
                idle + other.idle,
                iowait + other.iowait,
                irq + other.irq,
                softirq + other.softirq,
                steal + other.steal);
    }
}
