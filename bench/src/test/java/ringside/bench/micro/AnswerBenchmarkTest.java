package ringside.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.engines.Transport;

/// The benchmark for a blink, so that it can't rot, and what it says of allocation: answers on conditions and ranges
/// make as little garbage as whole files.
class AnswerBenchmarkTest {

    private static final int WARMING_ROUNDS = 25;
    private static final int ROUNDS = 9;
    /// The handle of a pooled buffer, or of a task; far below a head as a String.
    private static final double MORE_BYTES_MAX = 200;

    @Test
    void everyAnswerIsAsked() throws IOException {
        AnswerBenchmark benchmark = new AnswerBenchmark();
        benchmark.engine = "blocking";
        benchmark.transport = Transport.preferred().id();
        benchmark.start();
        try {
            for (int i = 0; i < WARMING_ROUNDS; i++) {
                assertTrue(benchmark.everyAnswer() > 0);
            }
            List<AnswerSubject> subjects = benchmark.subjects();
            subjects.forEach(AnswerSubject::forget);
            for (int i = 0; i < ROUNDS; i++) {
                assertTrue(benchmark.everyAnswer() > 0);
            }
            assertEquals(9, subjects.size());
            double whole = subjects.getFirst().allocatedBytes();
            for (AnswerSubject subject : subjects) {
                assertEquals(ROUNDS, subject.rounds());
                assertTrue(subject.cpuMicros() > 0);
                assertTrue(
                        subject.allocatedBytes() < whole + MORE_BYTES_MAX,
                        subject.name() + " makes " + subject.allocatedBytes() + " bytes, a whole file " + whole);
            }
        } finally {
            benchmark.stop();
        }
    }
}
