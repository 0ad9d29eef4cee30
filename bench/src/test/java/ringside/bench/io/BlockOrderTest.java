package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockOrderTest {

    @ParameterizedTest
    @EnumSource(ReadPattern.class)
    void theSameSeedGivesTheSameOrder(ReadPattern pattern) {
        for (boolean once : new boolean[] {false, true}) {
            BlockOrder one = BlockOrder.of(pattern, once, 1000, 42);
            BlockOrder other = BlockOrder.of(pattern, once, 1000, 42);
            for (int i = 0; i < 1000; i++) {
                assertEquals(one.next(), other.next());
            }
        }
    }

    @Test
    void anotherSeedGivesAnotherOrder() {
        for (boolean once : new boolean[] {false, true}) {
            assertNotEquals(
                    first(BlockOrder.of(ReadPattern.RANDOM, once, 1L << 40, 1)),
                    first(BlockOrder.of(ReadPattern.RANDOM, once, 1L << 40, 2)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 63, 64, 65, 1000, 65_537})
    void onceMeansEachBlockOnceAndThenNoMore(long count) {
        for (ReadPattern pattern : ReadPattern.values()) {
            BlockOrder order = BlockOrder.of(pattern, true, count, 7);
            BitSet seen = new BitSet();
            for (long i = 0; i < count; i++) {
                int block = (int) order.next();
                assertTrue(block >= 0 && block < count && !seen.get(block), pattern + " of " + count + ": " + block);
                seen.set(block);
            }
            assertEquals(BlockOrder.EXHAUSTED, order.next());
        }
    }

    /// A quarter of the draws falls into each quarter of the file, within 5 standard deviations of a fair
    /// draw; and an order without repetition doesn't just count.
    @Test
    void randomOrdersSpread() {
        int draws = 100_000;
        for (boolean once : new boolean[] {false, true}) {
            BlockOrder order = BlockOrder.of(ReadPattern.RANDOM, once, 1_000_003, 11);
            int[] quarters = new int[4];
            int neighbours = 0;
            long before = -2;
            for (int i = 0; i < draws; i++) {
                long block = order.next();
                quarters[(int) (block * 4 / 1_000_003)]++;
                neighbours += block == before + 1 ? 1 : 0;
                before = block;
            }
            for (int quarter : quarters) {
                assertEquals(draws / 4.0, quarter, 5 * Math.sqrt(draws * 0.25 * 0.75), "once " + once);
            }
            assertTrue(neighbours < 20, neighbours + " of " + draws + " follow their predecessor, once " + once);
        }
    }

    @Test
    void sequentialBeginsAgain() {
        BlockOrder order = BlockOrder.of(ReadPattern.SEQUENTIAL, false, 3, 1);
        long[] expected = {0, 1, 2, 0, 1};
        for (long block : expected) {
            assertEquals(block, order.next());
        }
    }

    private static String first(BlockOrder order) {
        return order.next() + " " + order.next();
    }
}
