package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunClockTest {

    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos;
    private final RunClock clock = new RunClock(() -> wall, () -> nanos);

    private void pass(Duration monotonic, Duration ofTheWall) {
        nanos += monotonic.toNanos();
        wall = wall.plus(ofTheWall);
    }

    @Test
    void clocksThatGoTogetherSayNothing() {
        pass(Duration.ofHours(1), Duration.ofHours(1).plusMillis(900));
        assertEquals(Optional.empty(), clock.jump());
        assertEquals(Duration.ofHours(1), clock.elapsed());
    }

    @Test
    void eachJumpIsToldOnce() {
        pass(Duration.ofSeconds(4), Duration.ofSeconds(64));
        String forward = clock.jump().orElseThrow();
        assertTrue(forward.contains("jumped by +60.0 s during this trial, or the machine slept"), forward);
        assertEquals(Optional.empty(), clock.jump());
        pass(Duration.ofSeconds(4), Duration.ofSeconds(-3600));
        String back = clock.jump().orElseThrow();
        assertTrue(back.contains("jumped by -3604.0 s during this trial: spans"), back);
    }

    @Test
    void noRunEndsBeforeItBegan() {
        Instant start = wall;
        pass(Duration.ofSeconds(5), Duration.ofDays(-1));
        assertEquals(start.plusSeconds(5), clock.now());
    }
}
