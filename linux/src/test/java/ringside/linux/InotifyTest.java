package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {

    private static final int MASK = Inotify.IN_CREATE
            | Inotify.IN_CLOSE_WRITE
            | Inotify.IN_MOVED_FROM
            | Inotify.IN_MOVED_TO
            | Inotify.IN_DELETE
            | Inotify.IN_ONLYDIR;

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();
    private final Inotify inotify = new Inotify(kernel);
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        inotify.close();
        inotify.close();
    }

    /// Events as text, in their order.
    private static final class Heard implements Inotify.Listener {
        final List<String> events = new ArrayList<>();
        int overflows;

        @Override
        public void event(int watch, int mask, byte[] names, int lengthBytes) {
            String what = switch (mask & ~Inotify.IN_ISDIR) {
                case Inotify.IN_CREATE -> "create";
                case Inotify.IN_CLOSE_WRITE -> "written";
                case Inotify.IN_MOVED_FROM -> "from";
                case Inotify.IN_MOVED_TO -> "to";
                case Inotify.IN_DELETE -> "delete";
                default -> Integer.toHexString(mask);
            };
            events.add(watch + " " + what + " " + new String(names, 0, lengthBytes, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(int watch) {
            events.add(watch + " ended");
        }

        @Override
        public void overflow() {
            overflows++;
        }
    }

    private int watch(Path path) {
        return (int) KernelException.check(
                Syscall.INOTIFY_ADD_WATCH, path.toString(), inotify.tryWatch(path.toString(), MASK));
    }

    private List<String> read() {
        heard.events.clear();
        heard.overflows = 0;
        assertEquals(inotify.read(heard), heard.events.size() + heard.overflows);
        return heard.events;
    }

    @Test
    void tellsWhatHappensInItsOrder() throws IOException {
        assertEquals(List.of(), read());
        int w = watch(directory);
        assertEquals(w, watch(directory), "an inode has one watch");
        Path file = Files.writeString(directory.resolve("a"), "content");
        String longName = "ü" + "n".repeat(252);
        Files.move(file, directory.resolve(longName));
        Files.createSymbolicLink(directory.resolve("link"), Path.of(longName));
        Files.delete(directory.resolve("link"));
        Files.createDirectory(directory.resolve("sub"));
        assertEquals(
                List.of(
                        w + " create a",
                        w + " written a",
                        w + " from a",
                        w + " to " + longName,
                        w + " create link",
                        w + " delete link",
                        w + " create sub"),
                read());
        assertEquals(List.of(), read());
    }

    @Test
    void watchesEndWithWhatTheyWatchAndByRequest() throws IOException {
        Path sub = Files.createDirectory(directory.resolve("sub"));
        Path other = Files.createDirectory(directory.resolve("other"));
        int watched = watch(sub);
        int second = watch(other);
        Files.delete(sub);
        assertEquals(List.of(watched + " ended"), read());
        assertEquals(0, inotify.tryUnwatch(second));
        assertEquals(List.of(second + " ended"), read());
        assertEquals(-Errno.EINVAL, inotify.tryUnwatch(second));
        assertEquals(-Errno.ENOENT, inotify.tryWatch(sub.toString(), MASK));
        assertEquals(-Errno.EINVAL, inotify.tryWatch("a\0b", MASK));
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals(-Errno.ENOTDIR, inotify.tryWatch(file.toString(), MASK));
    }

    @Test
    void lostEventsAreTold() throws IOException {
        // Read at once: after the first octet such a file has ended (proc_dointvec of the kernel).
        Path limit = Path.of("/proc/sys/fs/inotify/max_queued_events");
        long queued = Long.parseLong(Files.readAllLines(limit).getFirst());
        assumeTrue(queued <= 1 << 16, "the queue takes " + queued + " events: filling it takes too long");
        int watch = watch(directory);
        Path name = Files.writeString(directory.resolve("a"), "");
        Path other = directory.resolve("b");
        for (long moves = 0; moves <= queued / 2; moves++) {
            // Two events each.
            Files.move(name, other, StandardCopyOption.ATOMIC_MOVE);
            Path swapped = name;
            name = other;
            other = swapped;
        }
        read();
        assertEquals(1, heard.overflows);
        assertTrue(heard.events.size() <= queued);
        Files.delete(name);
        assertEquals(List.of(watch + " delete " + name.getFileName()), read());
    }

    @Test
    void aThreadWaitsForEventsAndForTheOrderToStop() throws Exception {
        watch(directory);
        try (EventFd stop = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            FutureTask<Integer> waiting = new FutureTask<>(() -> {
                int events = 0;
                try (Arena arena = Arena.ofConfined()) {
                    Poll poll = new Poll(kernel, arena, inotify.fd(), stop.fd());
                    while (true) {
                        poll.await();
                        if (poll.isReady(1)) {
                            return events + inotify.read(heard);
                        }
                        events += inotify.read(heard);
                    }
                }
            });
            Thread thread = Thread.ofPlatform().daemon().start(waiting);
            Files.createDirectory(directory.resolve("one"));
            Files.createDirectory(directory.resolve("two"));
            stop.signal();
            assertEquals(2, waiting.get());
            thread.join();
        }
    }

    @Test
    void interruptedAndFailingCalls() {
        int[] interruptions = {0};
        Kernel interrupting = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                boolean interrupted = (call == Syscall.READ || call == Syscall.POLL) && interruptions[0]++ % 2 == 0;
                return interrupted ? -Errno.EINTR : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (Inotify queue = new Inotify(interrupting)) {
            assertEquals(0, queue.read(heard));
            assertEquals(2, interruptions[0]);
        }
        Kernel full = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.INOTIFY_INIT1 ? -Errno.EMFILE : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        KernelException refused = assertThrows(KernelException.class, () -> new Inotify(full).close());
        assertTrue(refused.toString().contains("max_user_instances"), refused.toString());
    }

    @Test
    void linksAreReadAsTheyAre() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("../elsewhere/ü"));
        Files.writeString(directory.resolve("file"), "");
        try (Arena arena = Arena.ofConfined()) {
            SymbolicLinks links = new SymbolicLinks(kernel, arena);
            long length =
                    links.tryRead(OpenFiles.AT_FDCWD, directory.resolve("link").toString());
            assertEquals("../elsewhere/ü", links.target(length));
            assertEquals(
                    -Errno.EINVAL,
                    links.tryRead(OpenFiles.AT_FDCWD, directory.resolve("file").toString()));
            assertEquals(
                    -Errno.ENOENT,
                    links.tryRead(OpenFiles.AT_FDCWD, directory.resolve("none").toString()));
            assertEquals(-Errno.EINVAL, links.tryRead(OpenFiles.AT_FDCWD, "a\0b"));
        }
    }
}
