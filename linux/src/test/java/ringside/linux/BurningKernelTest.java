package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class BurningKernelTest {

    private static final int CALLS = 100 * BurningKernel.CALLS_BETWEEN;

    /// A thread whose CPU clock moves by what is put on it and, at each look, by a little.
    private static final class Clock implements Kernel {
        private static final long LOOK_NANOS = 10;
        private long nanos;
        private int others;

        @Override
        public String name() {
            return "clock";
        }

        @Override
        @SuppressWarnings("restricted") // The address is that of the caller's segment.
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            if (call != Syscall.CLOCK_GETTIME) {
                others++;
                nanos += 1_000;
                return 7;
            }
            nanos += LOOK_NANOS;
            MemorySegment time = MemorySegment.ofAddress(a1).reinterpret(16);
            time.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
            time.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000);
            return 0;
        }
    }

    @Test
    void aThreadBurnsItsShareOfWhatItUsesOtherwise() {
        Clock clock = new Clock();
        BurningKernel kernel = new BurningKernel(clock, 0.05);
        callAll(kernel);
        assertEquals(CALLS, clock.others);
        // To one look at the clock for each burst.
        assertEquals(1.05 * CALLS * 1_000, (double) clock.nanos, 100.0 * 3 * Clock.LOOK_NANOS);
        assertEquals("clock+burn", kernel.name());
    }

    @Test
    void aShareOfNothingOnlyLooksAtTheClock() {
        Clock clock = new Clock();
        callAll(new BurningKernel(clock, 0));
        assertEquals(CALLS * 1_000L + 101 * Clock.LOOK_NANOS, clock.nanos);
    }

    private static void callAll(Kernel kernel) {
        for (int i = 0; i < CALLS; i++) {
            assertEquals(7, kernel.call(Syscall.GETTID));
        }
    }

    @Test
    void thePropertyIsAShareInPercent() {
        System.setProperty(BurningKernel.PROPERTY, "5");
        try {
            assertEquals("ffm+burn", Kernels.byName("ffm").name());
            System.setProperty(BurningKernel.PROPERTY, "a lot");
            String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Kernels.byName("ffm"))
                    .getMessage());
            assertTrue(message.contains("-Dringside.burn=5"), message);
        } finally {
            System.clearProperty(BurningKernel.PROPERTY);
        }
        assertEquals("ffm", Kernels.byName("ffm").name());
        for (double share : new double[] {-1, 1.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new BurningKernel(new FfmKernel(), share));
        }
    }
}
