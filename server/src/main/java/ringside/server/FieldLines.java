package ringside.server;

import java.util.Arrays;

/// Where the values of the lines of one field stand in a request's head, in their order. Values are indices into the
/// octets that the parser was given. One object serves request after request; few fields have more than one line.
final class FieldLines {

    private int[] froms = new int[2];
    private int[] tos = new int[2];
    private int count;

    void clear() {
        count = 0;
    }

    /// @param to after the value's end, without the blanks around it
    void add(int from, int to) {
        if (count == froms.length) {
            froms = Arrays.copyOf(froms, 2 * count);
            tos = Arrays.copyOf(tos, 2 * count);
        }
        froms[count] = from;
        tos[count] = to;
        count++;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int from(int line) {
        return froms[line];
    }

    int to(int line) {
        return tos[line];
    }
}
