package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EngineCountsTest {

    @Test
    @Timeout(20)
    void eachLineIsAnsweredByWhatIsCountedThen() throws IOException {
        AtomicLong sends = new AtomicLong(11);
        PipedInputStream answers = new PipedInputStream();
        try (PrintStream out = new PrintStream(new PipedOutputStream(answers), true, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8))) {
            EngineCounts.answer(
                    new ByteArrayInputStream("counts\n\n".getBytes(StandardCharsets.UTF_8)),
                    () -> Map.of("zero-copy sends", sends.incrementAndGet(), "fixed reads", 1L),
                    out);
            for (long expected = 12; expected <= 13; expected++) {
                assertEquals(
                        Optional.of(new TreeMap<>(Map.of("fixed reads", 1L, "zero-copy sends", expected))),
                        EngineCounts.parse(lines.readLine()));
            }
        }
    }

    @Test
    void otherLinesAreNoAnswers() {
        assertEquals(Optional.empty(), EngineCounts.parse("serving /srv by blocking on epoll, 1 event loop"));
        assertEquals(Optional.empty(), EngineCounts.parse("{\"event\":\"measured\"}"));
        assertEquals(Optional.empty(), EngineCounts.parse("{ no JSON"));
        assertEquals(Optional.of(new TreeMap<>()), EngineCounts.parse("{\"event\":\"counts\",\"engine\":{}}"));
    }
}
