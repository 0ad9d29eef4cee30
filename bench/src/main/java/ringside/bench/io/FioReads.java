package ringside.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.trial.Child;
import ringside.bench.trial.Children;
import ringside.bench.trial.CostMeter;
import ringside.bench.trial.TrialFailure;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;

/// Runs fio's equal of a job, pinned, and meters it as ours. fio doesn't say when its window begins: its cost
/// is read in the middle of the time in which the window must lie, and the end that fio reports shows whether
/// it did.
final class FioReads {

    /// From the start of the process until its ramp has surely begun; how much longer than metered it measures.
    private static final Duration START = Duration.ofMillis(1_200);

    /// Between the end of the metering and the end of fio's window.
    private static final Duration MARGIN = Duration.ofMillis(300);

    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Kernel kernel;
    private final Children children;
    private final Path fio;
    private final CpuSet cpus;
    private final Optional<KernelLedger> ledger;

    FioReads(Kernel kernel, Children children, Path fio, CpuSet cpus, Optional<KernelLedger> ledger) {
        this.kernel = kernel;
        this.children = children;
        this.fio = fio;
        this.cpus = cpus;
        this.ledger = ledger;
    }

    /// @throws TrialFailure when fio fails, or measured another time than was metered
    ReadTrial run(int index, int repeat, ReadJob job, FioJob.Equal equal)
            throws TrialFailure, IOException, InterruptedException {
        Path output = Files.createTempFile("ringside-fio-", ".json");
        try (FilePages pages = new FilePages(kernel, job.file(), job.area().sizeBytes())) {
            Measured before = pages.prepare(job.cache());
            return run(index, repeat, job, equal, output, before);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private ReadTrial run(int index, int repeat, ReadJob job, FioJob.Equal equal, Path output, Measured before)
            throws TrialFailure, IOException, InterruptedException {
        Duration metered = job.times().window();
        Duration runtime = metered.plus(START).plus(MARGIN);
        try (Child child = children.start("fio", FioJob.command(fio, equal, job, runtime, cpus, output), cpus)) {
            CostMeter meter =
                    new CostMeter(kernel, child.pid(), ProcessHandle.current().pid(), cpus);
            child.sleepBeside(START.dividedBy(2));
            Optional<KernelLedger.Entry> entry = ledger.map(book -> book.attach(child.pid()));
            try {
                child.sleepBeside(START.dividedBy(2).plus(job.times().ramp()));
                meter.prepare();
                long beginMillis = System.currentTimeMillis();
                entry.ifPresent(KernelLedger.Entry::begin);
                meter.begin();
                child.sleepBeside(metered);
                CostMeter.Rates rates = meter.end();
                Map<String, Measured> events =
                        entry.map(KernelLedger.Entry::endPerSecond).orElse(Map.of());
                long endMillis = System.currentTimeMillis();
                boolean lasted = child.isAlive();
                FioOutput told = output(child, output);
                long windowMillis = told.endMillis() - Math.round(told.seconds() * 1000);
                boolean within = lasted && beginMillis >= windowMillis;
                String why = "fio measured from %d ms to %d ms after the metering began, which lasted %d ms"
                        .formatted(windowMillis - beginMillis, told.endMillis() - beginMillis, endMillis - beginMillis);
                ReadCost cost = within ? ReadCost.of(rates, told.readsPerSecond()) : ReadCost.toldBy(told, why);
                List<String> notes =
                        within ? List.of() : List.of("its CPU time is what it says of its own thread: " + why);
                return trial(index, repeat, job, equal, told, cost, events, before, notes);
            } finally {
                entry.ifPresent(KernelLedger.Entry::close);
            }
        }
    }

    private static FioOutput output(Child child, Path output) throws TrialFailure, IOException, InterruptedException {
        int exitCode = child.awaitExit(SLACK);
        String text = Files.readString(output);
        if (exitCode != 0 || text.isBlank()) {
            throw new TrialFailure("fio ended with exit code " + exitCode + child.tail());
        }
        FioOutput told = FioOutput.parse(text);
        if (told.error() != 0) {
            throw new TrialFailure("fio's job failed with errno " + told.error() + child.tail());
        }
        return told;
    }

    private static ReadTrial trial(
            int index,
            int repeat,
            ReadJob job,
            FioJob.Equal equal,
            FioOutput told,
            ReadCost cost,
            Map<String, Measured> eventsPerSecond,
            Measured before,
            List<String> notes) {
        Map<String, Measured> ledger = new HashMap<>();
        eventsPerSecond.forEach(
                (name, perSecond) -> ledger.put(name, OurReads.perRead(perSecond, told.readsPerSecond())));
        return new ReadTrial(
                index,
                repeat,
                ReadTrial.FIO,
                equal.ioengine() + (job.direct() ? " direct" : ""),
                "",
                job.engineText() + " on " + job.transport().id(),
                told.seconds(),
                told.reads(),
                told.readsPerSecond(),
                told.readsPerSecond() * job.area().blockBytes(),
                told.latency(),
                Latency.unmeasurable("fio doesn't tell"),
                cost,
                ledger,
                Map.of("version", told.version(), "residencyBefore", before),
                notes,
                told.reads() == 0 ? "no read of fio ended" : "");
    }
}
