package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ringside.bench.trial.CpuPlan;
import ringside.linux.CpuSet;

/// The CPUs that are threads of one core, as sysfs tells them
/// (Documentation/ABI/stable/sysfs-devices-system-cpu, `thread_siblings_list`).
public final class CoreSiblings implements CpuPlan.Siblings {

    @Override
    public CpuSet of(int cpu) {
        Path list = Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list");
        try {
            return CpuSet.parse(Files.readString(list));
        } catch (IOException e) {
            // A machine that doesn't tell its topology, such as some containers: each CPU counts as a core.
            return CpuSet.of(cpu);
        }
    }
}
