package ringside.bench.verify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import ringside.content.hosts.HostObserver;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// One pair's server of virtual hosts, whose webroot is replaced so and so often, and its clients. No request may fail,
/// and each answer is all of one version: the latest, once the server has told of it. Run once, by one thread.
final class ReplacementRun {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final VerifyPlan plan;
    private final ReplacedSite site;
    private final Findings findings;
    private final Tally tally = new Tally();
    private final Semaphore opened = new Semaphore(0);
    private final HttpServer server;
    private int replaced;
    private volatile boolean stopping;

    private ReplacementRun(
            VerifyPlan plan,
            Kernel kernel,
            ChosenEngine engine,
            Transport transport,
            ReplacedSite site,
            Findings findings)
            throws IOException {
        this.plan = plan;
        this.site = site;
        this.findings = findings;
        ServerConfig config = ServerConfig.of(site.hosts(), engine, transport, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(2);
        this.server = HttpServer.startHosts(config, new Told());
    }

    /// What came of it.
    ///
    /// @param engineCounts the server's
    record Ran(Counts counts, Map<String, Long> engineCounts) {}

    /// @param stopped whether to end early
    /// @param progress is told now and then
    static Ran run(
            VerifyPlan plan,
            Kernel kernel,
            ChosenEngine engine,
            Transport transport,
            ReplacedSite site,
            Findings findings,
            BooleanSupplier stopped,
            Consumer<Counts> progress)
            throws IOException, InterruptedException {
        ReplacementRun run = new ReplacementRun(plan, kernel, engine, transport, site, findings);
        Ran ran;
        try {
            run.replaceAll(stopped, progress);
            ran = new Ran(run.counts(), run.server.engineCounts());
        } finally {
            int remaining = run.server.drain(DRAIN);
            if (remaining > 0) {
                findings.add(Finding.Kind.SERVER, remaining + " connections were not closed with their clients");
            }
        }
        if (run.server.counters().defects() + run.server.counters().transfersCut() > 0) {
            findings.add(Finding.Kind.SERVER, "the server has counted " + run.server.counters());
        }
        return ran;
    }

    ReplacedSite site() {
        return site;
    }

    int port() {
        return server.port();
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

    boolean stopping() {
        return stopping;
    }

    private Counts counts() {
        return tally.counts(replaced);
    }

    private void replaceAll(BooleanSupplier stopped, Consumer<Counts> progress)
            throws IOException, InterruptedException {
        List<Thread> clients = new ArrayList<>();
        try (Wire own = new Wire(port(), 0, plan.patience())) {
            awaitOpened(0);
            for (int i = 1; i <= plan.connections(); i++) {
                clients.add(Thread.ofPlatform()
                        .daemon()
                        .name("verify-client-" + i)
                        .start(new ReplacementClient(this, i, plan.seed())));
            }
            ReplacementClient asker = new ReplacementClient(this, 0, plan.seed());
            while (replaced < plan.replacements() && findings.count() == 0 && !stopped.getAsBoolean()) {
                site.replace(replaced + 1);
                awaitOpened(replaced + 1);
                replaced++;
                // What is told holds for every request after it.
                int got = asker.ask(
                        own, site.urlPaths().get(replaced % site.urlPaths().size()));
                if (got != replaced) {
                    findings.add(Finding.Kind.WRONG, "version " + got + " after " + replaced + " had been told of");
                }
                progress.accept(counts());
            }
        } catch (Wire.Ended e) {
            findings.add(e.kind(), String.valueOf(e.getMessage()));
        } finally {
            stopping = true;
            for (Thread client : clients) {
                if (!client.join(plan.patience().multipliedBy(2))) {
                    findings.add(Finding.Kind.HANG, client.getName() + " doesn't end");
                }
            }
        }
    }

    private void awaitOpened(int version) throws InterruptedException, Wire.Ended {
        if (!opened.tryAcquire(plan.patience().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Wire.Ended(Finding.Kind.HANG, "version " + version + " isn't taken up");
        }
    }

    /// On the thread that watches.
    private final class Told implements HostObserver {

        @Override
        public void opened(String entry, String what) {
            opened.release();
        }

        @Override
        public void removed(String entry) {
            findings.add(Finding.Kind.SERVER, entry + " is said to be gone");
        }

        @Override
        public void refused(String entry, String reason, boolean before) {
            findings.add(Finding.Kind.SERVER, entry + " isn't served: " + reason);
        }

        @Override
        public void blind(String reason) {
            findings.add(Finding.Kind.SERVER, "changes may go unnoticed: " + reason);
        }
    }
}
