package ringside.bench.compare;

import java.io.IOException;
import java.util.List;

/// Two runs are of two machines, and nobody said that this is meant.
public final class OtherMachineException extends IOException {

    OtherMachineException(KeptRun old, KeptRun now, List<String> differences) {
        super(
                "%s and %s are of different machines (%s): absolute numbers don't travel. To compare them all the same, add --across-machines"
                        .formatted(old.directory(), now.directory(), String.join("; ", differences)));
    }
}
