package ringside.bench.doctor;

/// What one check found.
///
/// @param check its name: `governor`, `swap`
/// @param level how bad it is
/// @param found what is so here
/// @param why why it matters to a measurement
/// @param remedy the command that helps, or what else would; empty where nothing is to be done
public record Finding(String check, Level level, String found, String why, String remedy) {

    /// How bad a finding is.
    public enum Level {
        /// As it should be.
        OK("ok"),
        /// This machine doesn't say.
        UNKNOWN("unknown"),
        /// Can be measured on; the numbers are noisier, or something is left out.
        WARNING("warning"),
        /// What is measured here isn't what it is called.
        PROBLEM("problem");

        private final String id;

        Level(String id) {
            this.id = id;
        }

        /// The name in tables and JSON.
        public String id() {
            return id;
        }
    }

    public Finding {
        if (check.isBlank() || found.isBlank() || why.isBlank()) {
            throw new IllegalArgumentException("a finding says what was checked, what was found and why it matters");
        }
        if (level == Level.WARNING || level == Level.PROBLEM) {
            if (remedy.isBlank()) {
                throw new IllegalArgumentException(check + ": a " + level.id() + " names its remedy");
            }
        }
    }
}
