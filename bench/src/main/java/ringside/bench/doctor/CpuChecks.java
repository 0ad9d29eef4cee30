package ringside.bench.doctor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.bench.doctor.Check.Answer;
import ringside.bench.trial.CpuPlan;
import ringside.linux.CpuSet;
import ringside.linux.Reading;

/// CPUs, their clocks, and who else gets them.
final class CpuChecks {

    private static final String CPU = "/sys/devices/system/cpu/";

    private CpuChecks() {}

    static Answer cpus(Readings readings) {
        CpuSet usable = readings.usableCpus();
        String found = usable.count() + " usable: " + usable;
        return switch (usable.count()) {
            case 1 ->
                Answer.problem(
                        found + "; server and generator would share it",
                        "give this process at least two: taskset -pc 0-1 $$");
            case 2 ->
                Answer.warning(
                        found + "; the generator shares its own with the rest of the machine",
                        "use a machine with three or more CPUs, or end other programs");
            default -> Answer.ok(found);
        };
    }

    static Answer siblings(Readings readings) {
        CpuSet usable = readings.usableCpus();
        if (usable.count() < 2) {
            return Answer.unknown("there is one CPU only");
        }
        if (readings.text(CPU + "cpu" + usable.toArray()[0] + "/topology/thread_siblings_list")
                .value()
                .isEmpty()) {
            return Answer.unknown("this machine doesn't tell which CPUs are threads of one core");
        }
        CpuPlan plan = CpuPlan.of(
                usable,
                cpu -> readings.text(CPU + "cpu" + cpu + "/topology/thread_siblings_list")
                        .map(CpuSet::parse)
                        .value()
                        .orElse(CpuSet.of(cpu)));
        return plan.warnings().isEmpty()
                ? Answer.ok("server on CPU " + plan.server() + ", generator on CPU " + plan.generator()
                        + ": different cores")
                : Answer.warning(
                        String.join("; ", plan.warnings()), "as root: echo off > /sys/devices/system/cpu/smt/control");
    }

    static Answer quota(Readings readings) {
        Reading<String> version2 = readings.text("/sys/fs/cgroup/cpu.max");
        Reading<String> version1 = readings.text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
        String quota = version2.value().or(version1::value).orElse("");
        if (quota.isEmpty()) {
            return Answer.unknown("no cgroup tells a limit for this process's root");
        }
        return quota.startsWith("max") || quota.startsWith("-1")
                ? Answer.ok("no limit")
                : Answer.problem(
                        "CPU time is limited to '" + quota + "' µs",
                        "start the container without a CPU limit, with --cpuset-cpus instead of --cpus");
    }

    static Answer governor(Readings readings) {
        Set<String> governors = new TreeSet<>();
        for (int cpu : readings.usableCpus().toArray()) {
            readings.text(CPU + "cpu" + cpu + "/cpufreq/scaling_governor")
                    .value()
                    .ifPresent(governors::add);
        }
        if (governors.isEmpty()) {
            return Answer.unknown("there is no cpufreq driver: the hypervisor or the firmware sets the frequency");
        }
        return governors.equals(Set.of("performance"))
                ? Answer.ok("performance")
                : Answer.warning(
                        String.join(", ", governors),
                        "as root: for f in /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor; do echo performance >"
                                + " $f; done");
    }

    static Answer boost(Readings readings) {
        String intel = readings.text(CPU + "intel_pstate/no_turbo").value().orElse("");
        String others = readings.text(CPU + "cpufreq/boost").value().orElse("");
        if (intel.isEmpty() && others.isEmpty()) {
            return Answer.unknown("this machine doesn't tell");
        }
        if (intel.equals("0")) {
            return Answer.warning("on", "as root: echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
        }
        if (intel.isEmpty() && others.equals("1")) {
            return Answer.warning("on", "as root: echo 0 > /sys/devices/system/cpu/cpufreq/boost");
        }
        return Answer.ok("off");
    }

    static Answer heat(Readings readings) {
        long events = 0;
        boolean told = false;
        for (int cpu : readings.usableCpus().toArray()) {
            Reading<Long> count = readings.text(CPU + "cpu" + cpu + "/thermal_throttle/core_throttle_count")
                    .map(Long::parseLong);
            told |= count.isMeasured();
            events += count.value().orElse(0L);
        }
        if (!told) {
            return Answer.unknown("there is no thermal_throttle, as in most virtual machines");
        }
        return events == 0
                ? Answer.ok("never slowed down since boot")
                : Answer.warning(
                        "slowed down " + events + " times since boot",
                        "cool it, and watch /sys/devices/system/cpu/cpu*/thermal_throttle/core_throttle_count");
    }

    static Answer clockSource(Readings readings) {
        Reading<String> source = readings.text("/sys/devices/system/clocksource/clocksource0/current_clocksource");
        if (source.value().isEmpty()) {
            return Answer.unknown(source.whyMissing());
        }
        String name = source.orThrow();
        if (List.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page").contains(name)) {
            return Answer.ok(name);
        }
        String available = readings.text("/sys/devices/system/clocksource/clocksource0/available_clocksource")
                .value()
                .orElse("");
        return available.contains("tsc")
                ? Answer.warning(
                        name, "as root: echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource")
                : Answer.warning(name, "none here: only " + available + " can be chosen; expect slower clock readings");
    }

    static Answer mitigations(Readings readings) {
        List<String> names = readings.names(CPU + "vulnerabilities");
        if (names.isEmpty()) {
            return Answer.unknown("this kernel doesn't tell");
        }
        List<String> open = names.stream()
                .filter(name -> readings.text(CPU + "vulnerabilities/" + name)
                        .value()
                        .orElse("")
                        .startsWith("Vulnerable"))
                .toList();
        long active = names.stream()
                .filter(name -> readings.text(CPU + "vulnerabilities/" + name)
                        .value()
                        .orElse("")
                        .startsWith("Mitigation"))
                .count();
        String commandLine = readings.text("/proc/cmdline").value().orElse("");
        String off = commandLine.contains("mitigations=off") ? "; booted with mitigations=off" : "";
        return Answer.ok(active + " active" + (open.isEmpty() ? "" : ", open: " + String.join(", ", open)) + off);
    }

    static Answer numa(Readings readings) {
        List<String> nodes = readings.names("/sys/devices/system/node").stream()
                .filter(name -> name.matches("node[0-9]+"))
                .toList();
        String balancing =
                readings.text("/proc/sys/kernel/numa_balancing").value().orElse("0");
        if (nodes.size() < 2) {
            return Answer.ok("one node");
        }
        return balancing.equals("0")
                ? Answer.ok(nodes.size() + " nodes, no balancing")
                : Answer.warning(
                        nodes.stream().collect(Collectors.joining(", ")) + ", with automatic balancing",
                        "as root: sysctl -w kernel.numa_balancing=0");
    }
}
