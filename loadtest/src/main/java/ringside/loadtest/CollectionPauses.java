package ringside.loadtest;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/// Remembers how long each of this JVM's garbage collections took
/// (`com.sun.management.GarbageCollectionNotificationInfo`).
///
/// The JVM tells it on a thread of its own, a moment after the collection. Safe for all threads.
final class CollectionPauses implements NotificationListener {

    private static final int REMEMBERED_MOST = 10_000;

    private record Collection(long startMillis, long durationMillis) {}

    private final Deque<Collection> collections = new ArrayDeque<>();

    private CollectionPauses() {}

    /// Listens from now on, for the life of the JVM.
    static CollectionPauses listen() {
        CollectionPauses pauses = new CollectionPauses();
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (bean instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(pauses, null, null);
            }
        }
        return pauses;
    }

    /// The clock of collections: since the start of the JVM.
    static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    @Override
    public void handleNotification(Notification notification, Object handback) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            GcInfo info = GarbageCollectionNotificationInfo.from(data).getGcInfo();
            remember(info.getStartTime(), info.getDuration());
        }
    }

    synchronized void remember(long startMillis, long durationMillis) {
        collections.addLast(new Collection(startMillis, durationMillis));
        if (collections.size() > REMEMBERED_MOST) {
            collections.removeFirst();
        }
    }

    /// The longest collection that began in [fromMillis, toMillis] of the JVM's uptime; 0 without one.
    synchronized long longestMillis(long fromMillis, long toMillis) {
        return collections.stream()
                .filter(collection -> collection.startMillis >= fromMillis && collection.startMillis <= toMillis)
                .mapToLong(Collection::durationMillis)
                .max()
                .orElse(0);
    }
}
