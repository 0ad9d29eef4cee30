package ringside.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// What the io_uring rings of a process say of themselves: how many requests the kernel has taken, and how many
/// completions it has posted. Read from outside, from `/proc/PID/fdinfo`, where the ring's own heads and tails are
/// shown (Linux 5.19); it costs the process nothing. Any thread.
///
/// @param byDescriptor each ring, by the process's descriptor
public record RingCounts(Map<Integer, Ring> byDescriptor) {

    private static final String LINK = "anon_inode:[io_uring]";

    /// The kernel shows the ring only while nobody holds its lock: the thread that is submitting, or one that lost
    /// its CPU meanwhile.
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final long PAUSE_NANOS = 20_000;

    /// Counters of 32 bits that wrap.
    ///
    /// @param submitted `SqHead`: taken from the submission queue
    /// @param completed `CqTail`: posted to the completion queue
    public record Ring(int submitted, int completed) {}

    public RingCounts {
        byDescriptor = Collections.unmodifiableMap(new TreeMap<>(byDescriptor));
    }

    /// @return no ring at all for a process that has none; unmeasurable without the right to trace the process
    public static Reading<RingCounts> of(Kernel kernel, int processId) {
        File directory = new File("/proc/" + processId + "/fd");
        String[] names = directory.list();
        if (names == null) {
            return directory.exists()
                    ? new Reading.Unmeasurable<>("the descriptors of process " + processId
                            + " can't be listed. Run as root, or as its user.")
                    : new Reading.Vanished<>("process " + processId);
        }
        PseudoFiles files = new PseudoFiles(kernel);
        Map<Integer, Ring> rings = new TreeMap<>();
        for (String name : names) {
            if (isRing(directory.toPath().resolve(name))) {
                Reading<Ring> ring = read(files, "/proc/" + processId + "/fdinfo/" + name);
                if (ring instanceof Reading.Unmeasurable<Ring>(String why)) {
                    return new Reading.Unmeasurable<>(why);
                }
                ring.value().ifPresent(found -> rings.put(Integer.valueOf(name), found));
            }
        }
        return new Reading.Measured<>(new RingCounts(rings));
    }

    /// Requests taken since `earlier`; a ring that wasn't there began at 0.
    public long submittedSince(RingCounts earlier) {
        long sum = 0;
        for (Map.Entry<Integer, Ring> ring : byDescriptor.entrySet()) {
            sum += Integer.toUnsignedLong(
                    ring.getValue().submitted() - earlier.at(ring.getKey()).submitted());
        }
        return sum;
    }

    /// Completions posted since `earlier`, likewise.
    public long completedSince(RingCounts earlier) {
        long sum = 0;
        for (Map.Entry<Integer, Ring> ring : byDescriptor.entrySet()) {
            sum += Integer.toUnsignedLong(
                    ring.getValue().completed() - earlier.at(ring.getKey()).completed());
        }
        return sum;
    }

    private Ring at(int descriptor) {
        return byDescriptor.getOrDefault(descriptor, new Ring(0, 0));
    }

    private static boolean isRing(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(LINK);
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }

    private static Reading<Ring> read(PseudoFiles files, String path) {
        Reading<Ring> ring = new Reading.Vanished<>(path);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PATIENCE_NANOS) {
            Reading<String> text = files.read(path);
            if (!text.isMeasured()) {
                return new Reading.Vanished<>(path);
            }
            ring = text.map(RingCounts::parse);
            if (ring.isMeasured()) {
                return ring;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return new Reading.Unmeasurable<>("the ring doesn't show its counters (" + ring.whyMissing()
                + "): this takes Linux 5.19, and moments in which nothing is being submitted");
    }

    static Ring parse(String text) {
        KeyedLines lines = KeyedLines.parse("the ring's fdinfo", text);
        return new Ring((int) lines.number("SqHead"), (int) lines.number("CqTail"));
    }
}
