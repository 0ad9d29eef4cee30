package ringside.linux;

import java.io.File;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a result must say about the machine it was measured on. Every fact is there, or says why not.
///
/// @param kernelRelease `6.18.44`
/// @param kernelVersion how it was built: `#1 SMP PREEMPT_DYNAMIC …`
/// @param commandLine what the kernel was booted with
/// @param mitigations each vulnerability that the kernel knows and what it does about it
/// @param cpuModel the first CPU's
/// @param onlineCpus those that are switched on
/// @param memoryBytes that the kernel has
/// @param clockSource what clock_gettime(2) reads: anything but `tsc` makes each look at the time a system call
/// @param swapBytes configured
public record Machine(
        Reading<String> kernelRelease,
        Reading<String> kernelVersion,
        Reading<String> commandLine,
        SortedMap<String, Reading<String>> mitigations,
        Reading<String> cpuModel,
        Reading<CpuSet> onlineCpus,
        Reading<Long> memoryBytes,
        Reading<Long> swapBytes,
        Reading<String> clockSource) {

    private static final String VULNERABILITIES = "/sys/devices/system/cpu/vulnerabilities";

    public Machine {
        mitigations = Collections.unmodifiableSortedMap(new TreeMap<>(mitigations));
    }

    public static Machine read(Kernel kernel) {
        PseudoFiles files = new PseudoFiles(kernel);
        Reading<KeyedLines> memory = files.read("/proc/meminfo").map(text -> KeyedLines.parse("/proc/meminfo", text));
        return new Machine(
                files.read("/proc/sys/kernel/osrelease").map(String::strip),
                files.read("/proc/sys/kernel/version").map(String::strip),
                files.read("/proc/cmdline").map(String::strip),
                mitigations(files),
                files.read("/proc/cpuinfo")
                        .map(text -> KeyedLines.parse("/proc/cpuinfo", text).text("model name")),
                files.read("/sys/devices/system/cpu/online").map(CpuSet::parse),
                memory.map(lines -> bytes(lines, "MemTotal")),
                memory.map(lines -> bytes(lines, "SwapTotal")),
                files.read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
                        .map(String::strip));
    }

    private static SortedMap<String, Reading<String>> mitigations(PseudoFiles files) {
        SortedMap<String, Reading<String>> found = new TreeMap<>();
        String[] names = new File(VULNERABILITIES).list();
        if (names != null) {
            Arrays.sort(names);
            for (String name : names) {
                found.put(name, files.read(VULNERABILITIES + "/" + name).map(String::strip));
            }
        }
        return found;
    }

    private static long bytes(KeyedLines lines, String key) {
        return lines.bytes(key).orElseThrow(() -> new IllegalArgumentException(lines.source() + " has no line " + key));
    }
}
