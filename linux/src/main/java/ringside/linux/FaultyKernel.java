package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A [Kernel] that lies now and then: for tests of what must hold when the kernel interrupts, refuses or does
/// less than it was asked.
///
/// For each call a table of faults, each with its probability. A failing fault answers its errno *instead of*
/// making the call; a short one cuts the call's length *before* making it, so that the bytes moved (or the
/// requests taken: io_submit, io_uring_enter) are those reported. One exception: a failing close(2) does close,
/// as on Linux.
///
/// ```
///   call(PREAD64, fd, address, 8192, 0) ── fault drawn ──┬─ none ───► the kernel beneath, unchanged
///                                                        ├─ errno ──► −errno, nothing was done
///                                                        └─ short ──► the kernel beneath, length 1 to 8191
/// ```
///
/// The same seed and the same sequence of calls give the same faults; each [Syscall] has a sequence of its own,
/// so that one more `READ` doesn't move the faults of `SENDTO`. Threads that make the same call share its
/// sequence: which of them meets a fault is then the scheduler's choice. Any thread.
public final class FaultyKernel implements Kernel {

    /// The calls that can do less than they were asked to.
    private static final Map<Syscall, Length> LENGTHS = lengths();

    private final Kernel beneath;
    private final long seed;
    private final Map<Syscall, Faults> table;

    private FaultyKernel(Kernel beneath, long seed, Map<Syscall, Faults> table) {
        this.beneath = beneath;
        this.seed = seed;
        this.table = table;
    }

    /// @param beneath who makes the calls that are made
    /// @param seed print it when a test fails: it brings the same faults back
    public static Builder builder(Kernel beneath, long seed) {
        return new Builder(beneath, seed);
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        Faults faults = table.get(call);
        if (faults == null) {
            return beneath.call(call, a0, a1, a2, a3, a4, a5);
        }
        Length place = LENGTHS.get(call);
        long length = place == null ? 0 : place.of(a1, a2, a3);
        long drawn = faults.draw(length);
        if (drawn < 0) {
            if (call == Syscall.CLOSE) {
                // Whatever close(2) answers on Linux, the descriptor is gone.
                beneath.call(call, a0, a1, a2, a3, a4, a5);
            }
            return drawn;
        }
        if (drawn == 0 || place == null) {
            return beneath.call(call, a0, a1, a2, a3, a4, a5);
        }
        return switch (place) {
            case WORD_1 -> beneath.call(call, a0, drawn, a2, a3, a4, a5);
            case WORD_2 -> beneath.call(call, a0, a1, drawn, a3, a4, a5);
            case WORD_3 -> beneath.call(call, a0, a1, a2, drawn, a4, a5);
            case IOVEC -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment cut = arena.allocate(PositionedReads.IOVEC);
                    cut.copyFrom(iovec(a1));
                    cut.set(ValueLayout.JAVA_LONG, 8, drawn);
                    yield beneath.call(call, a0, cut.address(), a2, a3, a4, a5);
                }
            }
        };
    }

    public long seed() {
        return seed;
    }

    /// How many calls of this kind came in while it had faults in the table.
    public long calls(Syscall call) {
        Faults faults = table.get(call);
        return faults == null ? 0 : faults.calls();
    }

    /// How many faults this call has met, of all kinds.
    public long injected(Syscall call) {
        Faults faults = table.get(call);
        return faults == null ? 0 : faults.injected();
    }

    /// How often this call was made to fail with this errno.
    public long injected(Syscall call, int errno) {
        Faults faults = table.get(call);
        return faults == null ? 0 : faults.injected(errno);
    }

    /// How often this call was cut short.
    public long shortened(Syscall call) {
        return injected(call, Fault.SHORT);
    }

    /// Seed and counts, for the message of a test that fails.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("faulty kernel, seed ").append(seed);
        table.forEach((call, faults) ->
                text.append("; ").append(call.manName()).append(' ').append(faults));
        return text.toString();
    }

    private static Map<Syscall, Length> lengths() {
        Map<Syscall, Length> places = new EnumMap<>(Syscall.class);
        places.put(Syscall.IO_SUBMIT, Length.WORD_1);
        places.put(Syscall.IO_URING_ENTER, Length.WORD_1);
        places.put(Syscall.READ, Length.WORD_2);
        places.put(Syscall.WRITE, Length.WORD_2);
        places.put(Syscall.PREAD64, Length.WORD_2);
        places.put(Syscall.PWRITE64, Length.WORD_2);
        places.put(Syscall.SENDTO, Length.WORD_2);
        places.put(Syscall.SENDFILE, Length.WORD_3);
        places.put(Syscall.PREADV2, Length.IOVEC);
        return places;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment iovec(long address) {
        return MemorySegment.ofAddress(address).reinterpret(PositionedReads.IOVEC.byteSize());
    }

    /// Where a call has the number of bytes to move, or of requests to take.
    private enum Length {
        WORD_1,
        WORD_2,
        WORD_3,
        /// In the only `struct iovec` at word 1; several are left alone.
        IOVEC;

        long of(long a1, long a2, long a3) {
            return switch (this) {
                case WORD_1 -> a1;
                case WORD_2 -> a2;
                case WORD_3 -> a3;
                case IOVEC -> a2 == 1 ? iovec(a1).get(ValueLayout.JAVA_LONG, 8) : 0;
            };
        }
    }

    /// @param errno positive, or [#SHORT]
    private record Fault(int errno, double probability) {
        static final int SHORT = 0;
    }

    /// The faults of one call, its sequence and its counts. Guarded by itself.
    private static final class Faults {
        private final List<Fault> faults = new ArrayList<>();
        private final SplittableRandom random;
        private long[] injected = new long[0];
        private long calls;

        Faults(long seed) {
            this.random = new SplittableRandom(seed);
        }

        void add(Fault fault) {
            double sum = fault.probability;
            for (Fault other : faults) {
                sum += other.probability;
            }
            if (sum > 1) {
                throw new IllegalArgumentException("the probabilities of a call's faults add up to " + sum
                        + ": they exclude each other, so keep the sum at 1 or below");
            }
            faults.add(fault);
            injected = new long[faults.size()];
        }

        /// @return 0 = no fault; a negated errno; or the length to cut to, 1 to `length` − 1
        synchronized long draw(long length) {
            calls++;
            // Two numbers for every call, used or not: the sequence doesn't depend on the lengths that were asked for.
            double point = random.nextDouble();
            double share = random.nextDouble();
            for (int i = 0; i < faults.size(); i++) {
                Fault fault = faults.get(i);
                point -= fault.probability;
                if (point >= 0) {
                    continue;
                }
                if (fault.errno != Fault.SHORT) {
                    injected[i]++;
                    return -fault.errno;
                }
                if (length <= 1) {
                    return 0;
                }
                injected[i]++;
                return 1 + (long) (share * (length - 1));
            }
            return 0;
        }

        synchronized long calls() {
            return calls;
        }

        synchronized long injected() {
            long sum = 0;
            for (long count : injected) {
                sum += count;
            }
            return sum;
        }

        synchronized long injected(int errno) {
            long sum = 0;
            for (int i = 0; i < injected.length; i++) {
                sum += faults.get(i).errno == errno ? injected[i] : 0;
            }
            return sum;
        }

        @Override
        public synchronized String toString() {
            StringBuilder text = new StringBuilder().append(calls).append(" calls");
            for (int i = 0; i < injected.length; i++) {
                int errno = faults.get(i).errno;
                text.append(", ").append(injected[i]).append(' ');
                text.append(errno == Fault.SHORT ? "short" : Errno.of(-errno).label());
            }
            return text.toString();
        }
    }

    /// Fills the table. Not for use by several threads, nor after [#build()].
    public static final class Builder {
        private final Kernel beneath;
        private final long seed;
        private final Map<Syscall, Faults> table = new EnumMap<>(Syscall.class);

        private Builder(Kernel beneath, long seed) {
            this.beneath = beneath;
            this.seed = seed;
        }

        /// Lets `call` fail without being made.
        ///
        /// @param errno positive: `Errno.EINTR`, `Errno.EAGAIN`, `Errno.EIO`, …
        /// @param probability 0 to 1; those of one call add up to at most 1
        public Builder fail(Syscall call, int errno, double probability) {
            if (errno < 1 || errno > 4095) {
                throw new IllegalArgumentException("not an errno: " + errno);
            }
            return add(call, new Fault(errno, probability));
        }

        /// Lets `call` move fewer bytes, or take fewer requests, than it was asked to, at least one.
        ///
        /// @throws IllegalArgumentException for a call that can't do less than it was asked to
        public Builder shorten(Syscall call, double probability) {
            if (!LENGTHS.containsKey(call)) {
                throw new IllegalArgumentException(
                        call.manName() + "(2) has no length to cut: short results exist for " + LENGTHS.keySet());
            }
            return add(call, new Fault(Fault.SHORT, probability));
        }

        public FaultyKernel build() {
            return new FaultyKernel(beneath, seed, new EnumMap<>(table));
        }

        private Builder add(Syscall call, Fault fault) {
            if (!(fault.probability >= 0 && fault.probability <= 1)) {
                throw new IllegalArgumentException("not a probability: " + fault.probability);
            }
            table.computeIfAbsent(call, key -> new Faults(seed ^ (0x9E37_79B9_7F4A_7C15L * (key.number() + 1))))
                    .add(fault);
            return this;
        }
    }
}
