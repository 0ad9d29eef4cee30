package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// Counts descriptors, and listens to what Netty's leak detector finds.
final class Leaks {

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        // Before the first buffer: Netty asks for its detectors once.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    private Map<String, Integer> before = Map.of();

    void remember() throws IOException {
        before = descriptors();
    }

    /// Sockets and loops close a moment after they are told to: waits for that.
    void check() throws IOException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        Map<String, Integer> now = descriptors();
        while (!now.equals(before) && System.nanoTime() < deadline) {
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
            now = descriptors();
        }
        assertEquals("", differences(before, now), "open descriptors by kind");
    }

    /// Without the jars that are open all the time.
    private static String differences(Map<String, Integer> before, Map<String, Integer> now) {
        StringBuilder text = new StringBuilder();
        Map<String, Integer> all = new TreeMap<>(before);
        all.putAll(now);
        for (String kind : all.keySet()) {
            int had = before.getOrDefault(kind, 0);
            int has = now.getOrDefault(kind, 0);
            if (had != has) {
                text.append(kind)
                        .append(": ")
                        .append(had)
                        .append(" before, ")
                        .append(has)
                        .append(" now; ");
            }
        }
        return text.toString();
    }

    /// Drops that only the garbage collector sees.
    void checkBuffers() {
        System.gc();
        for (int i = 0; i < 100; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        assertEquals("[]", FOUND.toString(), "buffers that were dropped");
    }

    private static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = target(entry);
                if (!target.startsWith("/proc/")) {
                    // Numbers of sockets and pipes change; their count must not.
                    kinds.merge(target.replaceFirst(":\\[\\d+]$", ""), 1, Integer::sum);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return kinds;
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return "/proc/ closed meanwhile";
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
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {

        Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.add(resourceType);
        }
    }
}
