package ringside.bench.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The right word for a mistyped one.
final class Nearest {

    private Nearest() {}

    /// `Did you mean 'engines'? `, or nothing when none is near.
    static String sentence(String word, Collection<String> words) {
        return of(word, words).map(near -> "Did you mean '" + near + "'? ").orElse("");
    }

    /// The word with the fewest edits to it, if that is at most a third of its letters, or one.
    static Optional<String> of(String word, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(other -> edits(word, other)))
                .filter(other -> edits(word, other) <= Math.max(1, other.length() / 3));
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one of the other (optimal string
    /// alignment: Damerau 1964, with each part edited once).
    static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
