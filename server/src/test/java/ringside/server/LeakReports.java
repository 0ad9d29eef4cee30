package ringside.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Has Netty follow every buffer, and keeps what it says about those that were lost. It says it to
/// `java.util.logging`: nothing else is on the class path.
final class LeakReports extends Handler implements AutoCloseable {

    interface Traffic {
        void run() throws IOException;
    }

    final List<String> reports = Collections.synchronizedList(new ArrayList<>());

    private final Logger logger = Logger.getLogger(ResourceLeakDetector.class.getName());
    private final ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();

    LeakReports() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        logger.addHandler(this);
    }

    /// A lost buffer is noticed when it was collected and others are allocated afterwards.
    ///
    /// @param traffic has the server allocate
    void collect(Traffic traffic) throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            traffic.run();
        }
    }

    /// Loses a buffer, to see that this is noticed.
    static void lose() {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            reports.add(entry.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        ResourceLeakDetector.setLevel(levelBefore);
    }
}
