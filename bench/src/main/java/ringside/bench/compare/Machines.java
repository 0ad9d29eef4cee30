package ringside.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import ringside.bench.result.Environment;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;

/// Whether two runs were on one machine, and what else differed. The kernel, the JDK and the program are what people
/// compare: they may differ, and are named. CPU, its count and the memory make a machine.
final class Machines {

    /// Memory that firmware and kernel take differs a little from boot to boot.
    private static final double MEMORY_SHARE_SAME = 0.05;

    private Machines() {}

    /// What says that they are two machines, a clause each; empty when they are one.
    static List<String> differences(Environment old, Environment now) {
        List<String> differences = new ArrayList<>();
        text(differences, "CPU", old.cpuModel(), now.cpuModel());
        number(differences, "CPUs", old.cpuCount(), now.cpuCount(), 0, 1);
        number(differences, "GiB of memory", old.memoryBytes(), now.memoryBytes(), MEMORY_SHARE_SAME, 1 << 30);
        return differences;
    }

    /// What else differed, a clause each.
    static List<String> changes(Run old, Run now) {
        List<String> changes = new ArrayList<>();
        Environment before = old.environment();
        Environment after = now.environment();
        text(changes, "commit", old.commit(), now.commit());
        text(changes, "kernel", before.kernelRelease(), after.kernelRelease());
        text(changes, "kernel command line", before.kernelCommandLine(), after.kernelCommandLine());
        text(
                changes,
                "mitigations",
                before.mitigations().toString(),
                after.mitigations().toString());
        text(changes, "operating system", before.operatingSystem(), after.operatingSystem());
        text(changes, "file system", before.dataFileSystem(), after.dataFileSystem());
        text(changes, "JDK", before.jdkVersion(), after.jdkVersion());
        text(changes, "JVM flags", String.join(" ", before.jvmFlags()), String.join(" ", after.jvmFlags()));
        text(changes, "the server's CPUs", before.serverCpus(), after.serverCpus());
        after.peerVersions().forEach((peer, version) -> {
            String then = before.peerVersions().get(peer);
            if (then != null) {
                text(changes, peer, then, version);
            }
        });
        if (old.plan().durationSeconds() != now.plan().durationSeconds()
                || old.plan().warmUpSeconds() != now.plan().warmUpSeconds()) {
            changes.add(String.format(
                    Locale.ROOT,
                    "spans: %.1f s after %.1f s, now %.1f s after %.1f s",
                    old.plan().durationSeconds(),
                    old.plan().warmUpSeconds(),
                    now.plan().durationSeconds(),
                    now.plan().warmUpSeconds()));
        }
        return changes;
    }

    private static void text(List<String> differences, String what, String old, String now) {
        if (!Objects.equals(old, now)) {
            differences.add(what + ": " + brief(old) + ", now " + brief(now));
        }
    }

    private static void number(
            List<String> differences, String what, Measured old, Measured now, double share, double unit) {
        if (old instanceof Measured.Value(double before)
                && now instanceof Measured.Value(double after)
                && Math.abs(after - before) > share * before) {
            differences.add(String.format(Locale.ROOT, "%s: %.3g, now %.3g", what, before / unit, after / unit));
        }
    }

    private static String brief(String text) {
        String shown = text.isEmpty() ? "none" : text;
        return shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    }
}
