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
import ringside.bench.ledger.ServerCounts;

class CountsLineTest {

    @Test
    @Timeout(20)
    void eachLineIsAnsweredByWhatIsCountedThen() throws IOException {
        AtomicLong sends = new AtomicLong(11);
        PipedInputStream answers = new PipedInputStream();
        try (PrintStream out = new PrintStream(new PipedOutputStream(answers), true, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8))) {
            CountsLine.answer(
                    new ByteArrayInputStream("counts\n\n".getBytes(StandardCharsets.UTF_8)),
                    () -> counts(sends.incrementAndGet()),
                    out);
            for (long expected = 12; expected <= 13; expected++) {
                assertEquals(Optional.of(counts(expected)), CountsLine.parse(lines.readLine()));
            }
        }
    }

    @Test
    void otherLinesAreNoAnswers() {
        assertEquals(Optional.empty(), CountsLine.parse("serving /srv by blocking on epoll, 1 event loop"));
        assertEquals(Optional.empty(), CountsLine.parse("{\"event\":\"measured\"}"));
        assertEquals(Optional.empty(), CountsLine.parse("{ no JSON"));
        assertEquals(
                Optional.of(new ServerCounts(new TreeMap<>(), 0, 0, 0)),
                CountsLine.parse("{\"event\":\"counts\",\"engine\":{}}"));
    }

    private static ServerCounts counts(long sends) {
        return new ServerCounts(
                new TreeMap<>(Map.of("zero-copy sends", sends, "fixed reads", 1L)), 7, 5_000_000_000L, sends);
    }
}
