package ringside.bench.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;
import ringside.linux.Pressure;
import ringside.linux.ProcessStat;
import ringside.linux.Processes;
import ringside.linux.PseudoFiles;
import ringside.linux.Reading;
import ringside.linux.SystemStat;

/// The machine at one moment: what a [Guard] compares two of. Taking it walks through all of `/proc`, some
/// milliseconds, and stays outside of the window.
///
/// @param atNanos [System#nanoTime()], which is `CLOCK_MONOTONIC`
/// @param wallMillis [System#currentTimeMillis()] at the same moment
/// @param cpus what the CPUs did since boot
/// @param processes all that this process may see, kernel threads included
/// @param pressure since boot, by resource
/// @param runnableTasks that ran or could have run
/// @param frequencyMegahertz the lowest of the watched CPUs now
/// @param throttleEvents of the watched CPUs since boot
record MachineLook(
        long atNanos,
        long wallMillis,
        Reading<SystemStat> cpus,
        List<ProcessStat> processes,
        SortedMap<Pressure.Resource, Reading<Pressure>> pressure,
        Reading<Long> runnableTasks,
        Reading<Double> frequencyMegahertz,
        Reading<Long> throttleEvents) {

    /// The fourth field of `/proc/loadavg`, proc_loadavg(5).
    private static final Pattern RUNNABLE = Pattern.compile("\\S+ \\S+ \\S+ (\\d+)/\\d+ .*", Pattern.DOTALL);

    private static final String CPUS = "/sys/devices/system/cpu/cpu";

    MachineLook {
        processes = List.copyOf(processes);
    }

    /// @param watched the CPUs whose clocks and heat count
    static MachineLook now(Kernel kernel, CpuSet watched) {
        PseudoFiles files = new PseudoFiles(kernel);
        SortedMap<Pressure.Resource, Reading<Pressure>> pressure = new TreeMap<>();
        for (Pressure.Resource resource : Pressure.Resource.values()) {
            pressure.put(resource, Pressure.read(kernel, resource));
        }
        List<ProcessStat> processes = new Processes(kernel).all();
        long beforeNanos = System.nanoTime();
        long wallMillis = System.currentTimeMillis();
        long atNanos = beforeNanos + (System.nanoTime() - beforeNanos) / 2;
        return new MachineLook(
                atNanos,
                wallMillis,
                SystemStat.read(kernel),
                processes,
                pressure,
                files.read("/proc/loadavg").map(MachineLook::runnable),
                lowest(files, watched),
                sum(files, watched));
    }

    static long runnable(String loadavg) {
        Matcher matcher = RUNNABLE.matcher(loadavg);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no running/all in /proc/loadavg: '" + loadavg.strip() + "'");
        }
        return Long.parseLong(matcher.group(1));
    }

    /// Documentation/admin-guide/pm/cpufreq.rst: what the driver last set or saw, in kHz.
    private static Reading<Double> lowest(PseudoFiles files, CpuSet watched) {
        List<Double> megahertz = new ArrayList<>();
        for (int cpu : watched.toArray()) {
            Reading<Double> reading = files.read(CPUS + cpu + "/cpufreq/scaling_cur_freq")
                    .map(text -> number("scaling_cur_freq", text) / 1000.0);
            if (!reading.isMeasured()) {
                return new Reading.Unmeasurable<>("CPU " + cpu + " doesn't tell its frequency: "
                        + "there is no cpufreq driver, as in most virtual machines");
            }
            megahertz.add(reading.orThrow());
        }
        return megahertz.isEmpty()
                ? new Reading.Unmeasurable<>("no CPU is watched")
                : new Reading.Measured<>(megahertz.stream().min(Double::compare).orElseThrow());
    }

    /// Documentation/ABI/testing/sysfs-devices-system-cpu, `thermal_throttle`: x86 only.
    private static Reading<Long> sum(PseudoFiles files, CpuSet watched) {
        long sum = 0;
        for (int cpu : watched.toArray()) {
            Reading<Long> core = files.read(CPUS + cpu + "/thermal_throttle/core_throttle_count")
                    .map(text -> number("core_throttle_count", text));
            if (!core.isMeasured()) {
                return new Reading.Unmeasurable<>(
                        "CPU " + cpu + " has no thermal_throttle, as in most virtual machines");
            }
            sum += core.orThrow()
                    + files.read(CPUS + cpu + "/thermal_throttle/package_throttle_count")
                            .map(text -> number("package_throttle_count", text))
                            .value()
                            .orElse(0L);
        }
        return new Reading.Measured<>(sum);
    }

    private static long number(String what, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + ": '" + text.strip() + "' is no number", e);
        }
    }
}
