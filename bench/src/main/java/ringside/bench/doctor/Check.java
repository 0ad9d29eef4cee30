package ringside.bench.doctor;

import java.util.function.Function;
import ringside.bench.doctor.Finding.Level;

/// A question to the machine.
///
/// @param name of one or two words
/// @param why why the answer matters to a measurement, a sentence
/// @param question asked of the readings; must not change the machine
record Check(String name, String why, Function<Readings, Answer> question) {

    /// @param found what is so, half a sentence
    /// @param remedy a command where there is one
    record Answer(Level level, String found, String remedy) {

        static Answer ok(String found) {
            return new Answer(Level.OK, found, "");
        }

        static Answer unknown(String why) {
            return new Answer(Level.UNKNOWN, why, "");
        }

        static Answer warning(String found, String remedy) {
            return new Answer(Level.WARNING, found, remedy);
        }

        static Answer problem(String found, String remedy) {
            return new Answer(Level.PROBLEM, found, remedy);
        }
    }

    Finding ask(Readings readings) {
        Answer answer = question.apply(readings);
        return new Finding(name, answer.level, answer.found, why, answer.remedy);
    }
}
