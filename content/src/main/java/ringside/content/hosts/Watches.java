package ringside.content.hosts;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import ringside.linux.Errno;
import ringside.linux.FileKind;
import ringside.linux.Inotify;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;

/// Who wants to hear of which name in which directory: subscriptions over [Inotify], whose watches are counted here.
/// A subscriber is a text. One thread.
final class Watches implements AutoCloseable {

    private static final int DIRECTORY_MASK = Inotify.IN_CREATE
            | Inotify.IN_MOVED_FROM
            | Inotify.IN_MOVED_TO
            | Inotify.IN_DELETE
            | Inotify.IN_CLOSE_WRITE
            | Inotify.IN_ATTRIB
            | Inotify.IN_ONLYDIR
            | Inotify.IN_MASK_ADD;
    private static final int FILE_MASK =
            Inotify.IN_MODIFY | Inotify.IN_ATTRIB | Inotify.IN_CLOSE_WRITE | Inotify.IN_MASK_ADD;
    /// The inode itself, and not a name in it.
    private static final String ITSELF = "";

    /// What happens to a name that somebody wants to hear of.
    interface Listener {
        /// @param whole whether what has the name may be whole now; false while it is being written
        void changed(String subscriber, boolean whole);

        /// In a directory of which every name is of interest.
        void named(String name, boolean whole);

        /// Any of it may have changed.
        void lost();

        /// A watch couldn't be had.
        void blind(String path, Errno errno);
    }

    /// A name in what is watched.
    record Subscription(int watch, String name) {}

    /// @param subscribers by name
    private record Watched(String path, Map<String, Set<String>> subscribers) {}

    private final Arena arena = Arena.ofShared();
    private final Inotify inotify;
    private final Statx statx;
    private final Listener listener;
    private final Heard heard = new Heard();
    private final Map<Integer, Watched> watched = new HashMap<>();
    private final Map<String, Set<Subscription>> subscriptions = new HashMap<>();
    private final Set<String> blind = new HashSet<>();
    /// Of the directory of which every name is of interest.
    private int everyName = -1;

    Watches(Kernel kernel, Listener listener) {
        this.inotify = new Inotify(kernel);
        this.statx = new Statx(kernel, arena);
        this.listener = listener;
    }

    int fd() {
        return inotify.fd();
    }

    /// Tells the listener of all that has happened.
    void read() {
        inotify.read(heard);
    }

    /// Subscribes to a name in a directory; nothing happens if the directory isn't there.
    void subscribe(String subscriber, String directory, String name) {
        add(subscriber, directory, DIRECTORY_MASK, name);
    }

    /// Subscribes to what is written into a file.
    void subscribeToFile(String subscriber, String path) {
        add(subscriber, path, FILE_MASK, ITSELF);
    }

    /// Has every name of a directory told, instead of those of the directory before.
    void watchEveryName(String directory) {
        int before = everyName;
        everyName = watch(directory, DIRECTORY_MASK);
        if (everyName >= 0) {
            watched.computeIfAbsent(everyName, w -> new Watched(directory, new HashMap<>()));
        }
        if (before >= 0 && before != everyName) {
            endIfUnused(before);
        }
    }

    private int watch(String path, int mask) {
        long watch = inotify.tryWatch(path, mask);
        // What isn't there now is heard of through the directory above it.
        if (watch < 0 && watch != -Errno.ENOENT && watch != -Errno.ENOTDIR && blind.add(path)) {
            listener.blind(path, Errno.of(watch));
        }
        return (int) watch;
    }

    private void add(String subscriber, String path, int mask, String name) {
        int watch = watch(path, mask);
        if (watch >= 0) {
            watched.computeIfAbsent(watch, w -> new Watched(path, new HashMap<>()))
                    .subscribers()
                    .computeIfAbsent(name, n -> new HashSet<>())
                    .add(subscriber);
            subscriptions.computeIfAbsent(subscriber, s -> new HashSet<>()).add(new Subscription(watch, name));
        }
    }

    /// Takes what a subscriber has, to be given back to [#end(String, Set)] when it has subscribed anew: a watch
    /// that it has before and after doesn't end meanwhile.
    Set<Subscription> begin(String subscriber) {
        Set<Subscription> before = subscriptions.remove(subscriber);
        return before == null ? Set.of() : before;
    }

    /// Ends those of a subscriber's former subscriptions that it hasn't any more.
    void end(String subscriber, Set<Subscription> before) {
        Set<Subscription> now = subscriptions.getOrDefault(subscriber, Set.of());
        for (Subscription former : before) {
            if (!now.contains(former)) {
                remove(subscriber, former);
            }
        }
    }

    /// Ends all of a subscriber's subscriptions.
    void unsubscribe(String subscriber) {
        end(subscriber, begin(subscriber));
    }

    /// Ends its subscription to what is written into files.
    void unsubscribeFromFile(String subscriber) {
        Set<Subscription> has = subscriptions.getOrDefault(subscriber, Set.of());
        for (Subscription subscription : Set.copyOf(has)) {
            if (subscription.name().equals(ITSELF)) {
                has.remove(subscription);
                remove(subscriber, subscription);
            }
        }
    }

    private void remove(String subscriber, Subscription subscription) {
        Watched about = watched.get(subscription.watch());
        if (about == null) {
            return;
        }
        Set<String> interested = about.subscribers().get(subscription.name());
        if (interested != null && interested.remove(subscriber) && interested.isEmpty()) {
            about.subscribers().remove(subscription.name());
        }
        endIfUnused(subscription.watch());
    }

    private void endIfUnused(int watch) {
        Watched about = watched.get(watch);
        if (about != null && about.subscribers().isEmpty() && watch != everyName) {
            watched.remove(watch);
            long ignored = inotify.tryUnwatch(watch);
        }
    }

    private final class Heard implements Inotify.Listener {

        @Override
        public void event(int watch, int mask, byte[] octets, int lengthBytes) {
            Watched about = watched.get(watch);
            if (about == null) {
                return;
            }
            String name = new String(octets, 0, lengthBytes, StandardCharsets.UTF_8);
            boolean whole = (mask & Inotify.IN_MODIFY) == 0
                    && ((mask & Inotify.IN_CREATE) == 0 || !isRegularFile(about.path(), name));
            for (String subscriber : Set.copyOf(about.subscribers().getOrDefault(name, Set.of()))) {
                listener.changed(subscriber, whole);
            }
            if (watch == everyName && !name.isEmpty()) {
                listener.named(name, whole);
            }
        }

        /// A new one has yet to be written. Links and directories are whole from the start.
        private boolean isRegularFile(String directory, String name) {
            long asked = statx.tryPath(OpenFiles.AT_FDCWD, directory + "/" + name, Statx.AT_SYMLINK_NOFOLLOW);
            return asked == 0 && FileKind.ofMode(statx.mode()) == FileKind.REGULAR;
        }

        @Override
        public void ended(int watch) {
            Watched about = watched.remove(watch);
            if (about != null) {
                about.subscribers()
                        .values()
                        .forEach(all -> Set.copyOf(all).forEach(one -> listener.changed(one, true)));
            }
            if (watch == everyName) {
                everyName = -1;
                listener.lost();
            }
        }

        @Override
        public void overflow() {
            listener.lost();
        }
    }

    @Override
    public void close() {
        inotify.close();
        arena.close();
    }
}
