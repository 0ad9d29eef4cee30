package ringside.bench.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import ringside.bench.evidence.Evidence;
import ringside.bench.evidence.RunVerdicts;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.UnreadableRunException;

/// A run that was kept: its record and what its histograms say.
///
/// @param directory as it was named
/// @param run content of `run.json`
/// @param evidence its launches
public record KeptRun(Path directory, Run run, Evidence evidence) {

    /// Reads a run.
    ///
    /// @throws UnreadableRunException when it is missing, broken or of another schema, with what to do
    public static KeptRun read(Path directory) throws UnreadableRunException {
        if (!Files.isDirectory(directory)) {
            throw UnreadableRunException.noDirectory(directory);
        }
        Run run = RunFile.read(directory);
        return new KeptRun(directory, run, Evidence.of(run, directory));
    }

    /// Its sides against its own baseline.
    public RunVerdicts verdicts() {
        return RunVerdicts.of(run, evidence);
    }

    /// How tables call it: the last part of its directory's name.
    public String name() {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? run.name() : last.toString();
    }
}
