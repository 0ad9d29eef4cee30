package ringside.bench.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// The clients of one server, and what they have found. Started, awaited and ended by one thread.
final class PairRun {

    private final VerifyPlan plan;
    private final KnownTree tree;
    private final List<KnownFile> all;
    private final List<KnownFile> large;
    private final int port;
    private final Findings findings;
    private final Tally tally = new Tally();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private PairRun(VerifyPlan plan, KnownTree tree, int port, Findings findings) {
        this.plan = plan;
        this.tree = tree;
        this.port = port;
        this.findings = findings;
        this.all = new ArrayList<>(tree.files());
        all.addAll(tree.changing());
        this.large = all.stream()
                .filter(file -> file.current().lengthBytes() > 256 << 10)
                .toList();
    }

    static PairRun start(VerifyPlan plan, KnownTree tree, int port, Findings findings) {
        PairRun run = new PairRun(plan, tree, port, findings);
        for (int i = 0; i < plan.connections(); i++) {
            run.threads.add(
                    Thread.ofPlatform().daemon().name("verify-client-" + i).start(new Client(run, i)));
        }
        return run;
    }

    boolean stopping() {
        return stopping;
    }

    long seed() {
        return plan.seed();
    }

    int port() {
        return port;
    }

    Duration patience() {
        return plan.patience();
    }

    Findings findings() {
        return findings;
    }

    Tally tally() {
        return tally;
    }

    /// Half of them from those that change, if any do.
    KnownFile file(SplittableRandom random) {
        if (!tree.changing().isEmpty() && random.nextBoolean()) {
            return tree.changing().get(random.nextInt(tree.changing().size()));
        }
        return tree.files().get(random.nextInt(tree.files().size()));
    }

    /// One that doesn't fit into the sockets' buffers.
    KnownFile largeFile(SplittableRandom random) {
        return large.get(random.nextInt(large.size()));
    }

    /// Whether clients are still at it: they give up when they have found enough.
    boolean busy() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /// Lets every client finish its round. One that doesn't has found a hang, or is one.
    void end() throws InterruptedException {
        stopping = true;
        long deadline = System.nanoTime() + plan.patience().toNanos() * 2 + TimeUnit.SECONDS.toNanos(5);
        for (Thread thread : threads) {
            long left = deadline - System.nanoTime();
            if (!thread.join(Duration.ofNanos(Math.max(left, 1)))) {
                findings.add(Finding.Kind.HANG, thread.getName() + " doesn't end");
            }
        }
    }
}
