package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Sets of ranges drawn at random, against a set of bytes.
class ByteRangesTest {

    private static final int SETS = 20_000;
    private static final int LENGTH_MAX = 2_000;

    private final ByteRanges ranges = new ByteRanges();

    private ByteRanges.Outcome read(String value, int lengthBytes) {
        FieldLines lines = new FieldLines();
        lines.add(0, value.length());
        return ranges.read(value.getBytes(StandardCharsets.ISO_8859_1), lines, lengthBytes);
    }

    @Test
    void whatIsAskedForIsSentAndNothingTwice() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < SETS; i++) {
            int length = random.nextInt(1, LENGTH_MAX);
            BitSet asked = new BitSet();
            StringBuilder value = new StringBuilder("bytes=");
            for (int specs = random.nextInt(1, ByteRanges.RANGES_MAX + 1); specs > 0; specs--) {
                value.append(spec(random, length, asked)).append(specs > 1 ? "," : "");
            }
            String what = "seed " + seed + ", " + value + " of " + length;
            ByteRanges.Outcome outcome = read(value.toString(), length);
            assertEquals(
                    asked.isEmpty() ? ByteRanges.Outcome.UNSATISFIABLE : ByteRanges.Outcome.SATISFIABLE, outcome, what);
            BitSet sent = new BitSet();
            for (int range = 0; range < ranges.count(); range++) {
                int first = (int) ranges.first(range);
                int last = (int) ranges.last(range);
                assertTrue(first >= 0 && first <= last && last < length, what);
                int from = Math.max(0, first - ByteRanges.GAP_BYTES);
                int near = sent.nextSetBit(from);
                assertTrue(near < 0 || near > last + ByteRanges.GAP_BYTES, what + ": two that should be one");
                sent.set(first, last + 1);
            }
            BitSet missing = (BitSet) asked.clone();
            missing.andNot(sent);
            assertTrue(missing.isEmpty(), what);
            // More is sent only to bridge gaps.
            BitSet bridges = (BitSet) sent.clone();
            bridges.andNot(asked);
            int to;
            for (int from = bridges.nextSetBit(0); from >= 0; from = bridges.nextSetBit(to)) {
                to = bridges.nextClearBit(from);
                assertTrue(from > 0 && asked.get(from - 1) && asked.get(to), what);
                assertTrue(to - from <= ByteRanges.GAP_BYTES, what);
            }
        }
    }

    private static String spec(SplittableRandom random, int length, BitSet asked) {
        int first = random.nextInt(length + length / 4 + 1);
        return switch (random.nextInt(4)) {
            case 0 -> {
                asked.set(Math.max(0, length - first), length);
                yield "-" + first;
            }
            case 1 -> {
                asked.set(Math.min(first, length), length);
                yield first + "-";
            }
            default -> {
                int last = first + random.nextInt(100);
                asked.set(Math.min(first, length), Math.min(last + 1, length));
                yield first + "-" + last;
            }
        };
    }

    @Test
    void octetsAtRandomHarmNothing() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "0123456789-,= \tbytesx";
        for (int i = 0; i < SETS; i++) {
            StringBuilder value = new StringBuilder(random.nextBoolean() ? "bytes=" : "");
            for (int length = random.nextInt(40); length > 0; length--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ByteRanges.Outcome outcome = read(value.toString(), 1000);
            assertEquals(outcome == ByteRanges.Outcome.SATISFIABLE, ranges.count() > 0, seed + " " + value);
            assertNotEquals(ByteRanges.Outcome.SATISFIABLE, read(value.toString(), 0), seed + " " + value);
        }
    }
}
