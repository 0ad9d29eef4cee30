package ringside.content.hosts;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import ringside.linux.DirectoryEntries;
import ringside.linux.Errno;
import ringside.linux.EventFd;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Poll;

/// The directory of virtual hosts: each entry is a webroot or a directory, or a link to one, and its name the host's.
/// `__default__` answers for the rest. What changes there is served from then on:
///
/// ```
///   inotify ─► names that changed ─► HostEntries: open, verify ─► HostTable ─► every event loop
///                                                                    │ all have it
///                                    close what it doesn't name ◄────┘
/// ```
///
/// An event only says which name to look at; what is there then counts. So events may come twice, late, or be lost
/// (`IN_Q_OVERFLOW`: everything is looked at again).
///
/// Opening looks at everything on the caller's thread; [#watch(Function)] starts the thread that follows changes,
/// one after the other: a webroot of many gigabytes is read through before the next change is looked at.
public final class HostDirectory implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Path directory;
    private final HostObserver observer;
    private final OpenFiles files;
    private final DirectoryEntries listing;
    private final PathTrail trail;
    private final Watches watches;
    private final HostEntries entries;
    private final EventFd wake;
    /// Names to look at, in their order, with whether what has them may be whole.
    private final Map<String, Boolean> changed = new TreeMap<>();
    private boolean everythingChanged;
    private volatile boolean stopping;
    private volatile HostTable table;
    private @Nullable Thread thread;

    private HostDirectory(Kernel kernel, Path directory, RootOpener opener, HostObserver observer) {
        this.directory = directory.toAbsolutePath();
        this.observer = observer;
        this.files = new OpenFiles(kernel);
        this.listing = new DirectoryEntries(kernel, arena);
        this.trail = new PathTrail(kernel, arena);
        this.watches = new Watches(kernel, new Changes());
        this.entries = new HostEntries(kernel, arena, trail, watches, opener, observer, this::stopIfWanted);
        this.wake = new EventFd(kernel, EventFd.Mode.NON_BLOCKING);
        this.table = entries.table();
    }

    /// Opens and verifies everything in the directory. What can't be served is told to the observer and left out.
    ///
    /// @throws KernelException when the directory can't be read, or inotify isn't to be had
    public static HostDirectory open(Kernel kernel, Path directory, RootOpener opener, HostObserver observer) {
        HostDirectory hosts = new HostDirectory(kernel, directory, opener, observer);
        try {
            hosts.lookAtEverything();
            hosts.table = hosts.entries.table();
            hosts.entries.report();
            return hosts;
        } catch (Throwable e) {
            hosts.close();
            throw e;
        }
    }

    /// Of the last look.
    public HostTable table() {
        return table;
    }

    /// Follows changes from now on; none since the opening is missed.
    ///
    /// @param publish called on a thread of this object's with each new table; completed when nobody uses a table
    ///     from before any more, after which what those had and the new one hasn't is closed
    public void watch(Function<HostTable, CompletableFuture<Void>> publish) {
        if (thread != null) {
            throw new IllegalStateException("the hosts of " + directory + " are watched already");
        }
        thread = Thread.ofPlatform().daemon().name("ringside-hosts").start(() -> run(publish));
    }

    private void run(Function<HostTable, CompletableFuture<Void>> publish) {
        try (Arena mine = Arena.ofConfined()) {
            Poll poll = new Poll(entries.kernel(), mine, watches.fd(), wake.fd());
            while (!stopping) {
                if (!everythingChanged) {
                    poll.await();
                }
                try {
                    watches.read();
                    turn(publish);
                } catch (InternalError e) {
                    // What the JVM makes of SIGBUS, wherever it notices: a webroot was cut off while it was read.
                    everythingChanged = true;
                }
            }
        } catch (CancellationException e) {
            // Told to stop in the middle of a look.
        } catch (Throwable e) {
            observer.blind(
                    "changes of " + directory + " go unnoticed from now on, after " + e + ". Restart the server.");
        }
    }

    /// Looks at what has changed.
    private void turn(Function<HostTable, CompletableFuture<Void>> publish) {
        if (everythingChanged) {
            try {
                lookAtEverything();
            } catch (KernelException e) {
                observer.blind(e.getMessage() + " The hosts stay as they are until the directory is back.");
            }
        } else {
            Map<String, Boolean> names = new TreeMap<>(changed);
            changed.clear();
            names.forEach(entries::look);
        }
        HostTable next = entries.table();
        if (!next.isSame(table)) {
            table = next;
            publish.apply(next).join();
        }
        entries.closeRetired();
        entries.report();
    }

    private void lookAtEverything() {
        everythingChanged = false;
        changed.clear();
        Set<Watches.Subscription> before = watches.begin(HostEntries.DIRECTORY);
        String place = trail.follow(
                "/", directory.toString(), (at, name) -> watches.subscribe(HostEntries.DIRECTORY, at, name));
        watches.end(HostEntries.DIRECTORY, before);
        watches.watchEveryName(place);
        TreeSet<String> names = new TreeSet<>();
        int fd = files.open(place, OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
        try {
            listing.visit(
                    fd,
                    place,
                    (octets, length, kind) -> names.add(new String(octets, 0, length, StandardCharsets.UTF_8)));
        } finally {
            files.close(fd);
        }
        entries.directory(place);
        names.addAll(entries.names());
        names.forEach(name -> entries.look(name, true));
    }

    private void stopIfWanted() {
        if (stopping) {
            throw new CancellationException("the server is closing");
        }
    }

    /// Marks what to look at.
    private final class Changes implements Watches.Listener {

        @Override
        public void changed(String subscriber, boolean whole) {
            if (subscriber.equals(HostEntries.DIRECTORY)) {
                everythingChanged = true;
            } else {
                named(subscriber, whole);
            }
        }

        @Override
        public void named(String name, boolean whole) {
            changed.merge(name, whole, (before, now) -> before || now);
        }

        @Override
        public void lost() {
            everythingChanged = true;
        }

        @Override
        public void blind(String path, Errno errno) {
            observer.blind("changes of " + path + " go unnoticed: " + errno.label() + ", " + errno.meaning()
                    + ". Raise fs.inotify.max_user_watches, or restart the server after a change.");
        }
    }

    /// Stops following changes. What is served stays open: see [#close()].
    public void stop() {
        stopping = true;
        wake.signal();
        Thread running = thread;
        if (running != null) {
            boolean interrupted = false;
            while (running.isAlive()) {
                try {
                    running.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Closes everything; after the stores that were opened of it.
    @Override
    public void close() {
        stop();
        entries.close();
        watches.close();
        wake.close();
        arena.close();
    }
}
