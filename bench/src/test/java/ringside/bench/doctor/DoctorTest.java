package ringside.bench.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.bench.doctor.Finding.Level;
import ringside.bench.result.Measured;
import ringside.bench.result.Surroundings;
import ringside.linux.CpuSet;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.IoUringSupport;
import ringside.linux.Mount;
import ringside.linux.Reading;

class DoctorTest {

    private static final String CPU = "/sys/devices/system/cpu/";

    /// A machine without a fault, which tests then damage.
    private static final class Fake implements Readings {
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, List<String>> names = new HashMap<>();
        private final Set<String> programs = new HashSet<>(Set.of("wrk", "fio", "nginx", "h2o", "lighttpd"));
        private final Map<String, String> properties = new HashMap<>(Map.of(
                "java.runtime.version", "25.0.3+9", "java.vendor", "Adoptium", "java.specification.version", "25"));
        private CpuSet cpus = CpuSet.of(0, 1, 2, 3);
        private IoUringSupport ring = new IoUringSupport.Available(1, Set.of(1, 2, 3));
        private String fileSystem = "ext4";
        private long freeBytes = 50L << 30;
        private double others = 0.01;
        private double stolen;
        private double memory;

        Fake() {
            texts.put("/proc/sys/kernel/osrelease", "6.18.44");
            texts.put("/proc/self/limits", """
                    Limit                     Soft Limit           Hard Limit           Units
                    Max open files            20000                20000                files
                    Max locked memory         8388608              8388608              bytes
                    """);
            texts.put("/proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff");
            texts.put("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id", "376");
            for (int cpu = 0; cpu < 4; cpu++) {
                texts.put(CPU + "cpu" + cpu + "/topology/thread_siblings_list", Integer.toString(cpu));
                texts.put(CPU + "cpu" + cpu + "/cpufreq/scaling_governor", "performance");
                texts.put(CPU + "cpu" + cpu + "/thermal_throttle/core_throttle_count", "0");
            }
            texts.put("/sys/fs/cgroup/cpu.max", "max 100000");
            texts.put(CPU + "intel_pstate/no_turbo", "1");
            texts.put("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
            texts.put("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet");
            names.put(CPU + "vulnerabilities", List.of("l1tf", "spectre_v2"));
            texts.put(CPU + "vulnerabilities/l1tf", "Not affected");
            texts.put(CPU + "vulnerabilities/spectre_v2", "Mitigation: Retpolines");
            names.put("/sys/devices/system/node", List.of("node0", "possible"));
            texts.put("/proc/pressure/memory", "some avg10=0.00");
            texts.put("/proc/meminfo", "MemAvailable:    8000000 kB\nSwapTotal:       0 kB\nSwapFree:        0 kB");
            texts.put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
            texts.put("/sys/class/net/lo/mtu", "65536");
            texts.put("/proc/sys/net/core/somaxconn", "4096");
            texts.put("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999");
        }

        @Override
        public Reading<String> text(String path) {
            String text = texts.get(path);
            return text == null ? new Reading.Unmeasurable<>(path + ": ENOENT") : new Reading.Measured<>(text);
        }

        @Override
        public List<String> names(String directory) {
            return names.getOrDefault(directory, List.of());
        }

        @Override
        public Optional<Path> program(String name) {
            return programs.contains(name) ? Optional.of(Path.of("/usr/bin", name)) : Optional.empty();
        }

        @Override
        public String property(String name) {
            return properties.getOrDefault(name, "");
        }

        @Override
        public CpuSet usableCpus() {
            return cpus;
        }

        @Override
        public IoUringSupport ring() {
            return ring;
        }

        @Override
        public Reading<Mount> resultsMount() {
            return new Reading.Measured<>(new Mount(1, "254:0", "/", "rw", fileSystem, "/dev/vda", "rw"));
        }

        @Override
        public Reading<Long> resultsFreeBytes() {
            return new Reading.Measured<>(freeBytes);
        }

        @Override
        public Surroundings.Span aSecond() {
            Measured no = Measured.unmeasurable("not here");
            return new Surroundings.Span(
                    1,
                    Measured.of(others),
                    Map.of("cc1", others),
                    Measured.of(stolen),
                    no,
                    no,
                    Measured.of(memory),
                    Measured.of(1),
                    no,
                    no,
                    Measured.of(0));
        }
    }

    @Test
    void aMachineWithoutAFaultIsOkThroughout() {
        for (Finding finding : new Doctor(new Fake()).examine()) {
            assertEquals(Level.OK, finding.level(), finding::toString);
        }
    }

    @Test
    void aMachineThatSaysNothingIsUnknownOrNamesARemedy() {
        Fake fake = new Fake();
        fake.texts.clear();
        fake.names.clear();
        List<Finding> findings = new Doctor(fake).examine();
        assertEquals(Doctor.ALL.size(), findings.size());
        assertTrue(findings.stream().filter(f -> f.level() == Level.UNKNOWN).count() >= 12, findings::toString);
    }

    /// One fault each, and the command that the remedy has to name.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/proc/sys/kernel/osrelease                                  | 5.4.0         | kernel        | problem | 5.6",
                "/proc/sys/kernel/osrelease                                  | 6.1.0-18      | kernel        | warning | cachestat",
                "/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor       | powersave     | governor      | warning | echo performance",
                "/sys/devices/system/cpu/intel_pstate/no_turbo               | 0             | boost         | warning | echo 1",
                "/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count | 7 | heat          | warning | cool",
                "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list  | 0             | smt siblings  | ok      |",
                "/sys/devices/system/clocksource/clocksource0/current_clocksource | hpet     | clock source  | warning | echo tsc",
                "/sys/fs/cgroup/cpu.max                                      | 150000 100000 | cpu quota     | problem | --cpuset-cpus",
                "/sys/kernel/mm/transparent_hugepage/enabled                 | [always] madvise never | huge pages | warning | echo madvise",
                "/sys/class/net/lo/mtu                                       | 1500          | loopback      | warning | ip link set lo mtu 65536",
                "/proc/sys/net/core/somaxconn                                | 128           | backlog       | warning | net.core.somaxconn=4096",
                "/proc/sys/net/ipv4/ip_local_port_range                      | 60000 60999   | ports         | warning | ip_local_port_range",
            })
    void aFaultIsFoundWithItsRemedy(String path, String text, String check, String level, String remedy) {
        Fake fake = new Fake();
        fake.texts.put(path, text);
        assertFinding(fake, check, level, remedy == null ? "" : remedy);
    }

    @Test
    void limitsAreThoseOfThisProcess() {
        Fake fake = new Fake();
        String few = """
                Max open files            %s                 4096                 files
                Max locked memory         8388608              8388608              bytes
                """;
        fake.texts.put("/proc/self/limits", few.formatted("512"));
        assertFinding(fake, "open files", "problem", "ulimit -n");
        fake.texts.put("/proc/self/limits", few.formatted("4096"));
        assertFinding(fake, "open files", "warning", "ulimit -n");
        fake.texts.put("/proc/self/limits", few.formatted("unlimited"));
        assertFinding(fake, "open files", "ok", "");
        fake.texts.put("/proc/self/status", "CapEff:\t0000000000000000");
        assertFinding(fake, "locked memory", "warning", "ulimit -l");
        assertFinding(fake, "tracepoints", "warning", "sudo");
    }

    @Test
    void whatElseRunsIsMeasuredByTheRuleOfTrials() {
        Fake fake = new Fake();
        fake.others = 0.06;
        assertFinding(fake, "other load", "warning", "top");
        fake.others = 0.5;
        assertFinding(fake, "other load", "problem", "top");
        fake.stolen = 0.03;
        assertFinding(fake, "steal", "warning", "host");
        fake.memory = 0.02;
        assertFinding(fake, "pressure", "warning", "top");
        fake.texts.remove("/proc/pressure/memory");
        assertFinding(fake, "pressure", "warning", "psi=1");
    }

    @Test
    void cpusStorageAndProgramsAreLookedAt() {
        Fake fake = new Fake();
        fake.cpus = CpuSet.of(0, 1);
        assertFinding(fake, "cpus", "warning", "three");
        fake.texts.put(CPU + "cpu1/topology/thread_siblings_list", "0-1");
        assertFinding(fake, "smt siblings", "warning", "smt/control");
        fake.cpus = CpuSet.of(3);
        assertFinding(fake, "cpus", "problem", "taskset");
        fake.programs.remove("h2o");
        assertFinding(fake, "h2o", "warning", "apt-get install h2o");
        fake.fileSystem = "tmpfs";
        assertFinding(fake, "file system", "warning", "--results");
        fake.freeBytes = 100 << 20;
        assertFinding(fake, "disk space", "problem", "rm -r results/local");
        fake.properties.put("java.specification.version", "17");
        assertFinding(fake, "jdk", "problem", "JDK 25");
        fake.texts.put("/proc/meminfo", "MemAvailable: 8000000 kB\nSwapTotal: 2000000 kB\nSwapFree: 1000000 kB");
        assertFinding(fake, "swap", "warning", "swapoff -a");
        fake.ring = new IoUringSupport.Unavailable(Errno.of(-Errno.EPERM), "It is off.", "Switch it on.");
        assertFinding(fake, "io_uring", "warning", "Switch it on.");
        fake.names.put("/sys/devices/system/node", List.of("node0", "node1"));
        fake.texts.put("/proc/sys/kernel/numa_balancing", "1");
        assertFinding(fake, "numa", "warning", "numa_balancing=0");
    }

    @Test
    void theMachineItselfIsExamined(@TempDir Path directory) {
        List<Finding> findings = new Doctor(new FfmKernel(), directory.resolve("not/yet/there")).examine();
        assertEquals(Doctor.ALL.size(), findings.size());
        assertEquals(Level.OK, find(findings, "jdk").level());
        assertTrue(find(findings, "disk space").found().contains("GiB free"), findings::toString);
        assertTrue(find(findings, "open files").level() != Level.UNKNOWN, findings::toString);
    }

    private static void assertFinding(Fake fake, String check, String level, String remedy) {
        Finding finding = find(new Doctor(fake).examine(), check);
        assertEquals(level, finding.level().id(), finding::toString);
        assertTrue((finding.found() + " " + finding.remedy()).contains(remedy), finding::toString);
        assertTrue(finding.level() == Level.OK || !finding.remedy().isBlank(), finding::toString);
    }

    private static Finding find(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
