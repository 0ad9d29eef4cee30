package ringside.engines;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Numbers for things, small enough to travel through a ring as user data. A number is free again when its thing has
/// left.
///
/// On one loop. Allocates while the number of things grows, and not after.
final class Slots<T> {

    private static final int INITIAL = 16;

    private @Nullable Object[] things = new Object[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;

    Slots() {
        free(0, INITIAL);
    }

    /// @return the number of `thing` until [#remove]
    int add(T thing) {
        if (freeCount == 0) {
            int count = things.length;
            things = Arrays.copyOf(things, 2 * count);
            free = Arrays.copyOf(free, 2 * count);
            free(count, 2 * count);
        }
        int slot = free[--freeCount];
        things[slot] = thing;
        return slot;
    }

    /// @throws IllegalStateException if nothing has this number
    @SuppressWarnings("unchecked") // Only a T is ever put there.
    T get(int slot) {
        Object thing = things[slot];
        if (thing == null) {
            throw new IllegalStateException("a completion for slot " + slot + ", which is free");
        }
        return (T) thing;
    }

    void remove(int slot) {
        things[slot] = null;
        free[freeCount++] = slot;
    }

    private void free(int from, int to) {
        for (int slot = to - 1; slot >= from; slot--) {
            free[freeCount++] = slot;
        }
    }
}
