package ringside.bench.verify;

/// Something that must not be.
///
/// @param what a sentence, with what it takes to see it again
public record Finding(Kind kind, String what) {

    /// What went wrong.
    public enum Kind {
        /// An answer with a byte, a length or a status that it must not have.
        WRONG("wrong"),
        /// A connection that ended in an answer, or in place of one, without a reason.
        CUT("cut"),
        /// Nothing came for as long as the plan is patient.
        HANG("hang"),
        /// Something is left when the server has gone.
        LEAK("leak"),
        /// The server didn't start or end, or has met a defect.
        SERVER("server");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// For a table: `wrong`.
        public String word() {
            return word;
        }
    }

    @Override
    public String toString() {
        return kind.word() + ": " + what;
    }
}
