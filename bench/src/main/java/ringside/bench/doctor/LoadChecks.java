package ringside.bench.doctor;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.bench.doctor.Check.Answer;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Measured;
import ringside.bench.result.Surroundings;
import ringside.linux.Reading;

/// Who else uses the machine. The limits are those by which trials count as disturbed ([GuardRule]).
final class LoadChecks {

    private static final GuardRule RULE = GuardRule.of(GuardRule.Mode.EXCLUDE);

    /// Others' CPU time from which hardly a trial would count.
    private static final double HOPELESS_CPUS = 0.25;

    private LoadChecks() {}

    static Answer others(Readings readings) {
        Surroundings.Span second = readings.aSecond();
        if (second.othersCpus() instanceof Measured.Unmeasurable(String why)) {
            return Answer.unknown(why);
        }
        double cpus = second.othersCpus().orElse(0);
        String found = String.format(Locale.ROOT, "%.0f %% of a CPU in a second%s", 100 * cpus, names(second));
        if (cpus <= RULE.othersCpusMost()) {
            return Answer.ok(found);
        }
        String remedy = "end them, or see who they are: top -o %CPU";
        return cpus > HOPELESS_CPUS ? Answer.problem(found, remedy) : Answer.warning(found, remedy);
    }

    private static String names(Surroundings.Span second) {
        return second.othersByName().isEmpty()
                ? ""
                : second.othersByName().entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(entry -> entry.getKey() + String.format(Locale.ROOT, " %.0f %%", 100 * entry.getValue()))
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    static Answer stolen(Readings readings) {
        Measured stolen = readings.aSecond().stolenShare();
        boolean virtual = readings.text("/proc/cpuinfo").value().orElse("").contains(" hypervisor");
        String where = virtual ? " (a virtual machine)" : "";
        return switch (stolen) {
            case Measured.Unmeasurable(String why) -> Answer.unknown(why);
            case Measured.Value(double share) -> {
                String found = String.format(Locale.ROOT, "%.1f %% in a second%s", 100 * share, where);
                yield share <= RULE.stolenShareMost()
                        ? Answer.ok(found)
                        : Answer.warning(found, "measure at another hour, or on a host of your own");
            }
        };
    }

    static Answer pressure(Readings readings) {
        Reading<String> memory = readings.text("/proc/pressure/memory");
        if (!memory.isMeasured()) {
            return Answer.warning(
                    "no pressure stall information: " + memory.whyMissing(),
                    "boot with psi=1, on a kernel with CONFIG_PSI");
        }
        Surroundings.Span second = readings.aSecond();
        double waiting = second.memoryPressureShare().orElse(0);
        String found = String.format(
                Locale.ROOT,
                "in a second tasks waited for memory %.1f %%, for I/O %.1f %%, for a CPU %.1f %% of the time",
                100 * waiting,
                100 * second.ioPressureShare().orElse(0),
                100 * second.cpuPressureShare().orElse(0));
        return waiting > RULE.memoryPressureShareMost()
                ? Answer.warning(found, "end what uses the memory: top -o %MEM")
                : Answer.ok(found);
    }
}
