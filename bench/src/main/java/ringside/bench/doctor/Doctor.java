package ringside.bench.doctor;

import java.nio.file.Path;
import java.util.List;
import ringside.linux.Kernel;

/// Asks the machine everything that decides whether it can be measured on. Changes nothing; takes a second, in which it
/// watches what else runs.
public final class Doctor {

    /// In the order of tables. A new check is a line here, and a function of the readings.
    static final List<Check> ALL = List.of(
            new Check("jdk", "its compiler and collectors are part of what is measured", KernelChecks::jdk),
            new Check(
                    "kernel",
                    "engines need what newer kernels have, and proof of hot and cold needs cachestat(2)",
                    KernelChecks::release),
            new Check("io_uring", "half of the engines are rings", KernelChecks::ring),
            new Check(
                    "tracepoints",
                    "the ledger and explain count by them; without them system calls per request stay unknown",
                    KernelChecks::counters),
            new Check(
                    "open files",
                    "each connection takes a descriptor at both ends, each file of a cold trial one more",
                    KernelChecks::openFiles),
            new Check(
                    "locked memory",
                    "registered buffers are charged to it; beyond it the engines that register fail",
                    KernelChecks::lockedMemory),
            new Check(
                    "cpus",
                    "server and generator need one each, and whatever else runs needs a third",
                    CpuChecks::cpus),
            new Check(
                    "smt siblings",
                    "two threads of a core share its execution units: the generator would slow the server down",
                    CpuChecks::siblings),
            new Check(
                    "cpu quota",
                    "a limit stops processes in the middle of a window, for tens of milliseconds",
                    CpuChecks::quota),
            new Check(
                    "governor",
                    "a frequency that follows the load makes the busier side look cheaper",
                    CpuChecks::governor),
            new Check(
                    "boost", "it lasts as long as the heat allows, so that early trials are faster", CpuChecks::boost),
            new Check("heat", "a CPU that slows itself down measures its fan", CpuChecks::heat),
            new Check(
                    "clock source",
                    "each reading of the time becomes a system call, or slow, and there are two in each request",
                    CpuChecks::clockSource),
            new Check(
                    "mitigations",
                    "they cost by the system call: results of machines that differ in them can't be compared",
                    CpuChecks::mitigations),
            new Check("numa", "pages that move between nodes in a trial are noise", CpuChecks::numa),
            new Check(
                    "other load",
                    "it takes CPU, caches and memory bandwidth from both sides; trials with more than 5 % of a CPU"
                            + " don't count",
                    LoadChecks::others),
            new Check(
                    "steal",
                    "time that the hypervisor gives to others is missing in every rate and latency",
                    LoadChecks::stolen),
            new Check("pressure", "tasks that wait for memory wait in the middle of requests", LoadChecks::pressure),
            new Check("memory", "files that are to be hot have to stay in it", MachineChecks::memory),
            new Check(
                    "swap", "pages of a server that were swapped out come back in its latencies", MachineChecks::swap),
            new Check("huge pages", "merging pages takes CPU and locks while trials run", MachineChecks::hugePages),
            new Check(
                    "disk space",
                    "generated files, histograms and results are written there",
                    MachineChecks::freeSpace),
            new Check(
                    "file system",
                    "it decides what can be cold, whether O_DIRECT works, and what a read costs",
                    MachineChecks::fileSystem),
            new Check(
                    "loopback",
                    "its MTU decides how many segments a body takes: peers and results elsewhere have 65536",
                    MachineChecks::loopback),
            new Check("backlog", "connections beyond it are dropped and come a second later", MachineChecks::backlog),
            new Check("ports", "each new connection takes one, and keeps it for a minute", MachineChecks::ports),
            program("wrk", "wrk", "the second opinion on the generator: bench --generators ringside,wrk"),
            program("fio", "fio", "the yardstick of io: io --peer fio"),
            program("nginx", "nginx-light", "a peer: bench --peer nginx,nginx-read"),
            program("h2o", "h2o", "a peer: bench --peer h2o"),
            program("lighttpd", "lighttpd", "a peer: bench --peer lighttpd"));

    private final Readings readings;

    /// @param results where runs are kept; the nearest directory above it that is there is looked at
    public Doctor(Kernel kernel, Path results) {
        this(new MachineReadings(kernel, results));
    }

    Doctor(Readings readings) {
        this.readings = readings;
    }

    /// @return a finding of each check, in the order of tables
    public List<Finding> examine() {
        return ALL.stream().map(check -> check.ask(readings)).toList();
    }

    private static Check program(String program, String aptPackage, String why) {
        return new Check(program, why, readings -> MachineChecks.program(readings, program, aptPackage));
    }
}
