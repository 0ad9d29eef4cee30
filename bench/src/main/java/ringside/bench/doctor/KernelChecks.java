package ringside.bench.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.bench.doctor.Check.Answer;
import ringside.linux.IoUringSupport;
import ringside.linux.Reading;

/// What the kernel offers and allows.
final class KernelChecks {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    private static final Pattern LIMIT = Pattern.compile("(?m)^(Max [a-z ]+?)  +(\\S+) +(\\S+) +\\S+ *$");

    /// `CAP_IPC_LOCK`, `CAP_SYS_ADMIN`, `CAP_PERFMON`: `linux/capability.h`.
    private static final int CAP_IPC_LOCK = 14;

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;

    private static final int JAVA_LEAST = 25;
    private static final long FILES_LEAST = 1024;
    private static final long FILES_GOOD = 8192;
    private static final long LOCKED_KIB_GOOD = 64 * 1024;

    private KernelChecks() {}

    static Answer jdk(Readings readings) {
        String version = readings.property("java.runtime.version");
        String found = version + ", " + readings.property("java.vendor");
        int feature = (int) number(readings.property("java.specification.version"), 0);
        return feature >= JAVA_LEAST
                ? Answer.ok(found)
                : Answer.problem(found, "install a JDK " + JAVA_LEAST + ": apt-get install temurin-25-jdk");
    }

    static Answer release(Readings readings) {
        Reading<String> release = readings.text("/proc/sys/kernel/osrelease");
        Matcher matcher = VERSION.matcher(release.value().orElse(""));
        if (!matcher.matches()) {
            return Answer.unknown(release.isMeasured() ? release.orThrow() : release.whyMissing());
        }
        int version = Integer.parseInt(matcher.group(1)) * 1000 + Integer.parseInt(matcher.group(2));
        if (version < 5_006) {
            return Answer.problem(release.orThrow() + ", before 5.6", "boot a kernel of 5.6 or later");
        }
        return version < 6_005
                ? Answer.warning(
                        release.orThrow() + ": residency by mincore(2), thousands of times slower on large files",
                        "boot a kernel of 6.5 or later, which has cachestat(2)")
                : Answer.ok(release.orThrow());
    }

    static Answer ring(Readings readings) {
        return switch (readings.ring()) {
            case IoUringSupport.Available available ->
                Answer.ok(available.opcodes().size() + " operations");
            case IoUringSupport.Unavailable(var errno, String reason, String remedy) ->
                Answer.warning(errno.label() + ": " + reason, remedy);
        };
    }

    static Answer counters(Readings readings) {
        if (!may(readings, CAP_PERFMON) && !may(readings, CAP_SYS_ADMIN)) {
            String paranoid = readings.text("/proc/sys/kernel/perf_event_paranoid")
                    .value()
                    .orElse("?");
            return Answer.warning(
                    "not permitted to this user (kernel.perf_event_paranoid=" + paranoid + ")",
                    "run as root: sudo ./ringside bench --ledger");
        }
        return readings.text("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id")
                        .isMeasured()
                ? Answer.ok("tracepoints can be counted")
                : Answer.warning("tracefs isn't mounted", "as root: mount -t tracefs none /sys/kernel/tracing");
    }

    static Answer openFiles(Readings readings) {
        String limit = limit(readings, "Max open files");
        if (limit.isEmpty()) {
            return Answer.unknown("/proc/self/limits doesn't tell");
        }
        long files = number(limit, Long.MAX_VALUE);
        String remedy = "ulimit -n " + FILES_GOOD + " (as root, or up to the hard limit: ulimit -Hn)";
        if (files < FILES_LEAST) {
            return Answer.problem(limit, remedy);
        }
        return files < FILES_GOOD ? Answer.warning(limit, remedy) : Answer.ok(limit);
    }

    static Answer lockedMemory(Readings readings) {
        String limit = limit(readings, "Max locked memory");
        if (limit.isEmpty()) {
            return Answer.unknown("/proc/self/limits doesn't tell");
        }
        if (may(readings, CAP_IPC_LOCK)) {
            return Answer.ok("not limited for this user (CAP_IPC_LOCK)");
        }
        long kibibytes = number(limit, Long.MAX_VALUE) / 1024;
        return kibibytes >= LOCKED_KIB_GOOD
                ? Answer.ok(kibibytes + " KiB")
                : Answer.warning(kibibytes + " KiB", "ulimit -l " + LOCKED_KIB_GOOD + " (as root, or run as root)");
    }

    /// @return its soft value as `/proc/self/limits` has it, proc_pid_limits(5): a number or `unlimited`
    private static String limit(Readings readings, String name) {
        Matcher matcher =
                LIMIT.matcher(readings.text("/proc/self/limits").value().orElse(""));
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2);
            }
        }
        return "";
    }

    /// Whether this process has a capability, capabilities(7).
    private static boolean may(Readings readings, int capability) {
        Matcher matcher = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]+)$")
                .matcher(readings.text("/proc/self/status").value().orElse(""));
        return matcher.find() && (Long.parseUnsignedLong(matcher.group(1), 16) >>> capability & 1) == 1;
    }

    static long number(String text, long otherwise) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
