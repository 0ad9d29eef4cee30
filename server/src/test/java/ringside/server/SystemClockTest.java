package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SystemClockTest {

    @Test
    void jitterNeitherRepeatsNorLeavesOutASecond() {
        long second = 0;
        for (int i = 1; i <= 1_000; i++) {
            long jitterNanos = i % 2 == 0 ? 3_000_000 : -3_000_000;
            second = SystemClock.secondAfter(second, i * 1_000_000_000L + jitterNanos);
            assertEquals(i, second);
        }
    }

    @Test
    void aSleepIsCaughtUpWith() {
        assertEquals(3_600, SystemClock.secondAfter(10, 3_600_500_000_000L));
    }
}
