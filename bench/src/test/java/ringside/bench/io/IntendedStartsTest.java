package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IntendedStartsTest {

    @Test
    void startsAreEvenlySpacedWhateverTheClockDoes() {
        IntendedStarts starts = new IntendedStarts(3);
        assertEquals(Long.MAX_VALUE, starts.dueNanos());
        starts.begin(500);
        for (long n = 0; n < 3_000_000; n++) {
            if (n % 300_000 == 0) {
                long offNanos = Math.abs(starts.dueNanos() - (500 + n * 1_000_000_000 / 3));
                assertTrue(offNanos <= 1, "start " + n + " is off by " + offNanos + " ns");
            }
            starts.advance();
        }
        starts.end();
        assertEquals(Long.MAX_VALUE, starts.dueNanos());
    }

    /// A clock that jumps, as behind a stall: what came due meanwhile is due then, one by one, not skipped.
    @Test
    void aStallLeavesTheStartsThatItDelayedDue() {
        IntendedStarts starts = new IntendedStarts(1000);
        starts.begin(0);
        long now = 10_500_000;
        int due = 0;
        while (starts.dueNanos() <= now) {
            due++;
            starts.advance();
        }
        assertEquals(11, due);
        assertEquals(11_000_000, starts.dueNanos());
    }

    @Test
    void aRateIsAboveZero() {
        assertThrows(IllegalArgumentException.class, () -> new IntendedStarts(0));
        assertThrows(IllegalArgumentException.class, () -> new IntendedStarts(Double.NaN));
    }
}
