package ringside.engines;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

/// What Netty says when the kernel tells it of an overflow, counted instead of printed.
final class OverflowWarnings implements AutoCloseable {

    private final Logger logger = Logger.getLogger("io.netty.channel.uring.IoUringIoHandler");
    private final AtomicInteger count = new AtomicInteger();

    OverflowWarnings() {
        logger.setFilter(entry -> {
            boolean overflow = entry.getMessage().contains("overflow");
            count.addAndGet(overflow ? 1 : 0);
            return !overflow;
        });
    }

    int count() {
        return count.get();
    }

    @Override
    public void close() {
        logger.setFilter(null);
    }
}
