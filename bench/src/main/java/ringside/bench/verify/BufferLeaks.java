package ringside.bench.verify;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts Netty's buffers that were dropped without being released: every buffer is followed, and one that the
/// garbage collector finds first is a leak.
///
/// Netty asks for its detectors once, when its buffers are first used: installed later, this sees nothing, and
/// says so. Follows all buffers of the process, for good.
final class BufferLeaks {

    private static final AtomicInteger FOUND = new AtomicInteger();
    private static final AtomicInteger DETECTORS = new AtomicInteger();

    static {
        if (!ResourceLeakDetector.isEnabled()) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        }
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
        touch();
    }

    private BufferLeaks() {}

    /// Whether leaks are seen.
    static boolean areSeen() {
        return DETECTORS.get() > 0;
    }

    /// @return dropped buffers since the last call, as far as the collector has got: run it first
    static int found() {
        touch();
        return FOUND.getAndSet(0);
    }

    /// Has Netty look at what the collector has found.
    private static void touch() {
        for (int i = 0; i < 8; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
    }

    private static final class Factory extends ResourceLeakDetectorFactory {

        @Override
        @SuppressWarnings("deprecation") // Netty's own factories can't be done without it.
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            DETECTORS.incrementAndGet();
            return new Detector<>(resource);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {

        Detector(Class<?> resource) {
            super(resource, 1); // every one
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.incrementAndGet();
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.incrementAndGet();
        }
    }
}
