package ringside.bench.trial;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/// A process for tests that uses as much CPU time as it is told: `GO-FILE NANOS`. Waits until the file is there.
public final class Spinner {

    private Spinner() {}

    public static void main(String[] args) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadCpuTime();
        System.out.println("ready");
        while (!Files.exists(Path.of(args[0]))) {
            Thread.sleep(1);
        }
        long end = threads.getCurrentThreadCpuTime() + Long.parseLong(args[1]);
        long spins = 0;
        while (threads.getCurrentThreadCpuTime() < end) {
            spins++;
        }
        System.out.println("spun " + spins);
        Thread.sleep(60_000);
    }
}
