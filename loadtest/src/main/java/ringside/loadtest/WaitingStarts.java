package ringside.loadtest;

/// Intended starts that wait for an idle connection, first come first served: a ring of fixed size, of one loop.
final class WaitingStarts {

    private final long[] ring;
    private int head;
    private int count;

    WaitingStarts(int capacity) {
        ring = new long[capacity];
    }

    /// @return false if it is full
    boolean offer(long intendedNanos) {
        if (count == ring.length) {
            return false;
        }
        int tail = head + count;
        ring[tail >= ring.length ? tail - ring.length : tail] = intendedNanos;
        count++;
        return true;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /// The oldest; only when there is one.
    long poll() {
        long intended = ring[head];
        head = head + 1 == ring.length ? 0 : head + 1;
        count--;
        return intended;
    }

    /// Forgets those from `endNanos` on: the youngest.
    void dropFrom(long endNanos) {
        while (count > 0) {
            int last = head + count - 1;
            if (ring[last >= ring.length ? last - ring.length : last] < endNanos) {
                return;
            }
            count--;
        }
    }
}
