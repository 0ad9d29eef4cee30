package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One launch: a fresh server process and a generator process, once.
///
/// @param index position in the order of execution, from 0
/// @param block which interleaved block, from 0: within a block each point runs equally often
/// @param side who served
/// @param workload what was asked
/// @param startedAt when the server was launched
/// @param outcome valid, void or failed
/// @param notes anything a reader should know, a sentence each
public record Trial(
        int index, int block, Side side, Workload workload, Instant startedAt, Outcome outcome, List<String> notes) {
    public Trial {
        notes = List.copyOf(notes);
        Require.notNegative("index", index);
        Require.notNegative("block", block);
    }

    /// Those of a valid or void trial.
    public Optional<Measurements> measurements() {
        return switch (outcome) {
            case Outcome.Valid(Measurements measurements) -> Optional.of(measurements);
            case Outcome.Voided(String _, Measurements measurements) -> Optional.of(measurements);
            case Outcome.Failed _ -> Optional.empty();
        };
    }

    /// Why it doesn't count; empty when it does.
    public Optional<String> reason() {
        return switch (outcome) {
            case Outcome.Valid _ -> Optional.empty();
            case Outcome.Voided(String reason, Measurements _) -> Optional.of(reason);
            case Outcome.Failed(String reason) -> Optional.of(reason);
        };
    }

    /// Why this launch says nothing about a quantity: it doesn't count at all, or not for that. Empty when it counts.
    public Optional<String> whyVoidFor(Quantity quantity) {
        return reason().or(() -> measurements()
                .flatMap(measured -> Optional.ofNullable(measured.voidFor().get(quantity))));
    }

    @JsonIgnore
    public boolean isValid() {
        return outcome instanceof Outcome.Valid;
    }

    /// Whether it doesn't count, and the machine was disturbed in its window: another try may well count.
    @JsonIgnore
    public boolean isDisturbed() {
        return outcome instanceof Outcome.Voided(String _, Measurements measured)
                && !measured.surroundings().disturbances().isEmpty();
    }
}
