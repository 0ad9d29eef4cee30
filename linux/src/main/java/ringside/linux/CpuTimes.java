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
