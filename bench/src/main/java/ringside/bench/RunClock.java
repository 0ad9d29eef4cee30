package ringside.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The two clocks of a run: that of the wall, which says when, and the monotonic one, which says how long. Where they
/// disagree, somebody set the one, or the machine slept. Belongs to one thread.
final class RunClock {

    private static final Duration JUMP_LEAST = Duration.ofSeconds(1);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant startedAt;
    private final long startNanos;
    private Duration offset = Duration.ZERO;

    RunClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    RunClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        startedAt = wall.instant();
        startNanos = nanos.getAsLong();
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - startNanos);
    }

    /// Never before the start, whatever was done to the clock of the wall.
    Instant now() {
        Instant now = wall.instant();
        return now.isBefore(startedAt) ? startedAt.plus(elapsed()) : now;
    }

    /// A sentence when the clocks have parted since this was asked last, by a second or more.
    Optional<String> jump() {
        Duration parted = Duration.between(startedAt.plus(elapsed()), wall.instant());
        Duration since = parted.minus(offset);
        if (since.abs().compareTo(JUMP_LEAST) < 0) {
            return Optional.empty();
        }
        offset = parted;
        return Optional.of(String.format(
                Locale.ROOT,
                "the clock of the wall jumped by %+.1f s during this trial%s: spans are by the monotonic clock and"
                        + " stay right, times of day don't",
                since.toMillis() / 1e3,
                since.isNegative() ? "" : ", or the machine slept"));
    }
}
