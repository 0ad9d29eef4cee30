package ringside.bench.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.bench.doctor.Check.Answer;
import ringside.linux.Mount;
import ringside.linux.Reading;

/// Memory, storage, the loopback, and programs.
final class MachineChecks {

    private static final double GIB = 1L << 30;
    private static final double FREE_GIB_LEAST = 1;
    private static final double FREE_GIB_GOOD = 5;
    private static final double MEMORY_GIB_GOOD = 1;
    private static final long BACKLOG_GOOD = 1024;
    private static final long PORTS_GOOD = 16_384;
    private static final String LOOPBACK_MTU = "65536";

    /// Tried, and with O_DIRECT.
    private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs", "btrfs", "f2fs");

    private MachineChecks() {}

    static Answer memory(Readings readings) {
        OptionalLong available = meminfo(readings, "MemAvailable");
        if (available.isEmpty()) {
            return Answer.unknown("/proc/meminfo doesn't tell");
        }
        double gib = available.getAsLong() / GIB;
        String found = String.format(Locale.ROOT, "%.1f GiB available", gib);
        return gib >= MEMORY_GIB_GOOD
                ? Answer.ok(found)
                : Answer.warning(
                        found, "end what uses it: top -o %MEM; or ask for smaller files: bench --sizes 1k,16k");
    }

    static Answer swap(Readings readings) {
        OptionalLong all = meminfo(readings, "SwapTotal");
        OptionalLong free = meminfo(readings, "SwapFree");
        if (all.isEmpty() || free.isEmpty()) {
            return Answer.unknown("/proc/meminfo doesn't tell");
        }
        long used = all.getAsLong() - free.getAsLong();
        if (all.getAsLong() == 0) {
            return Answer.ok("none");
        }
        String found = String.format(Locale.ROOT, "%.1f of %.1f GiB are used", used / GIB, all.getAsLong() / GIB);
        return used == 0 ? Answer.ok(found) : Answer.warning(found, "as root: swapoff -a");
    }

    static Answer hugePages(Readings readings) {
        Reading<String> enabled = readings.text("/sys/kernel/mm/transparent_hugepage/enabled");
        if (enabled.value().isEmpty()) {
            return Answer.unknown(enabled.whyMissing());
        }
        Matcher chosen = Pattern.compile("\\[(\\w+)]").matcher(enabled.orThrow());
        String mode = chosen.find() ? chosen.group(1) : enabled.orThrow();
        return mode.equals("always")
                ? Answer.warning(
                        mode + ": khugepaged merges pages while trials run",
                        "as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
                : Answer.ok(mode);
    }

    static Answer freeSpace(Readings readings) {
        Reading<Long> free = readings.resultsFreeBytes();
        if (free.value().isEmpty()) {
            return Answer.unknown(free.whyMissing());
        }
        double gib = free.orThrow() / GIB;
        String found = String.format(Locale.ROOT, "%.1f GiB free", gib);
        String remedy = "delete old runs: rm -r results/local/*; or name another disk: bench --results DIR";
        if (gib < FREE_GIB_LEAST) {
            return Answer.problem(found, remedy);
        }
        return gib < FREE_GIB_GOOD ? Answer.warning(found, remedy) : Answer.ok(found);
    }

    static Answer fileSystem(Readings readings) {
        Reading<Mount> mount = readings.resultsMount();
        if (mount.value().isEmpty()) {
            return Answer.unknown(mount.whyMissing());
        }
        Mount on = mount.orThrow();
        String found = on.fileSystem() + " on " + on.source() + ", at " + on.mountPoint();
        if (FILE_SYSTEMS.contains(on.fileSystem())) {
            return Answer.ok(found);
        }
        return on.fileSystem().equals("tmpfs") || on.fileSystem().equals("ramfs")
                ? Answer.warning(
                        found + ": nothing can be cold, and O_DIRECT is refused",
                        "put results on a disk: bench --results DIR")
                : Answer.warning(
                        found + ": engines weren't tried on it",
                        "hold it against ext4 or XFS: bench --results DIR; ./ringside verify");
    }

    static Answer loopback(Readings readings) {
        Reading<String> mtu = readings.text("/sys/class/net/lo/mtu");
        if (mtu.value().isEmpty()) {
            return Answer.problem("there is no loopback: " + mtu.whyMissing(), "as root: ip link set lo up");
        }
        return mtu.orThrow().equals(LOOPBACK_MTU)
                ? Answer.ok("MTU " + LOOPBACK_MTU)
                : Answer.warning("MTU " + mtu.orThrow(), "as root: ip link set lo mtu " + LOOPBACK_MTU);
    }

    static Answer backlog(Readings readings) {
        Reading<String> text = readings.text("/proc/sys/net/core/somaxconn");
        if (text.value().isEmpty()) {
            return Answer.unknown(text.whyMissing());
        }
        return KernelChecks.number(text.orThrow(), 0) >= BACKLOG_GOOD
                ? Answer.ok(text.orThrow())
                : Answer.warning(text.orThrow(), "as root: sysctl -w net.core.somaxconn=4096");
    }

    static Answer ports(Readings readings) {
        Reading<String> text = readings.text("/proc/sys/net/ipv4/ip_local_port_range");
        String[] range = text.value().orElse("").split("\\s+", -1);
        if (range.length != 2) {
            return Answer.unknown(text.isMeasured() ? text.orThrow() : text.whyMissing());
        }
        long count = KernelChecks.number(range[1], 0) - KernelChecks.number(range[0], 0) + 1;
        return count >= PORTS_GOOD
                ? Answer.ok(count + " ports")
                : Answer.warning(count + " ports", "as root: sysctl -w net.ipv4.ip_local_port_range='15000 60999'");
    }

    /// @param aptPackage Debian's name
    static Answer program(Readings readings, String program, String aptPackage) {
        Optional<Path> path = readings.program(program);
        return path.isPresent()
                ? Answer.ok(path.get().toString())
                : Answer.warning("not installed", "as root: apt-get install " + aptPackage);
    }

    private static OptionalLong meminfo(Readings readings, String key) {
        List<String> lines =
                readings.text("/proc/meminfo").value().orElse("").lines().toList();
        for (String line : lines) {
            Matcher matcher = Pattern.compile(key + ":\\s+(\\d+) kB").matcher(line);
            if (matcher.matches()) {
                return OptionalLong.of(Long.parseLong(matcher.group(1)) * 1024);
            }
        }
        return OptionalLong.empty();
    }
}
