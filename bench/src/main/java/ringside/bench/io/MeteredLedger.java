package ringside.bench.io;

import java.util.LinkedHashMap;
import java.util.Map;
import ringside.bench.ledger.LedgerCounts;
import ringside.bench.ledger.LedgerMeter;
import ringside.bench.result.Measured;
import ringside.linux.Kernel;

/// The ledger of a reading process, by [LedgerMeter]. Counting slows what is counted.
public final class MeteredLedger implements KernelLedger {

    private final Kernel kernel;

    public MeteredLedger(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Entry attach(long processId) {
        return new Counting(LedgerMeter.attach(kernel, processId));
    }

    private record Counting(LedgerMeter meter) implements Entry {

        @Override
        public void begin() {
            meter.begin();
        }

        @Override
        public Map<String, Measured> endPerSecond() {
            LedgerCounts counts = meter.stop();
            Map<String, Measured> perSecond = new LinkedHashMap<>();
            counts.over(counts.seconds()).entries().forEach(entry -> perSecond.put(entry.name(), entry.perRequest()));
            return perSecond;
        }

        @Override
        public void close() {
            meter.close();
        }
    }
}
