package ringside.bench.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Replaces files and cuts them off while they are being served, on a thread of its own.
///
/// A replacement is a rename(2), so that who has the old file open keeps all of it. A truncation is in place, at a
/// multiple of the page size.
final class Mutator implements AutoCloseable {

    private static final long PAUSE_NANOS = 15_000_000;
    private static final int PAGE_BYTES = 4096;

    private final List<KnownFile> files;
    private final Path scratch;
    private final SplittableRandom random;
    private final Findings findings;
    private final AtomicLong changes = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    private Mutator(KnownTree tree, long seed, Findings findings) {
        this.files = tree.changing();
        this.scratch = tree.root().resolve(".scratch");
        this.random = new SplittableRandom(seed);
        this.findings = findings;
        this.thread = Thread.ofPlatform().daemon().name("verify-mutator").unstarted(this::run);
    }

    /// Starts it; it does nothing if no file of the tree changes.
    static Mutator start(KnownTree tree, long seed, Findings findings) {
        Mutator mutator = new Mutator(tree, seed, findings);
        if (!mutator.files.isEmpty()) {
            mutator.thread.start();
        }
        return mutator;
    }

    /// How many there were so far.
    long changes() {
        return changes.get();
    }

    /// The length of a version: never a multiple of a page, which truncations leave.
    static long lengthBytes(int file, long serial) {
        long length = (300L << 10) * (1 + file) + 13 * serial + 1;
        return length % PAGE_BYTES == 0 ? length + 1 : length;
    }

    private void run() {
        long serial = 0;
        while (!stopping) {
            int index = random.nextInt(files.size());
            KnownFile file = files.get(index);
            try {
                long pages = file.current().lengthBytes() / PAGE_BYTES;
                boolean changed = random.nextBoolean()
                        ? file.truncate(random.nextLong(pages) * PAGE_BYTES)
                        : file.replace(scratch, lengthBytes(index, ++serial));
                changes.addAndGet(changed ? 1 : 0);
            } catch (IOException e) {
                findings.add(Finding.Kind.SERVER, "a file of the tree can't be changed: " + e);
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        stopping = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
