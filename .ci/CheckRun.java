import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;

/// Reads a run's results back: they parse, they are whole, every engine that must run here did, and both reports are
/// there.
void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Run run = RunFile.read(directory);
    Set<String> engines = new TreeSet<>();
    int invalid = 0;
    for (Trial trial : run.trials()) {
        if (trial.isValid()) {
            engines.add(trial.side().engine());
        } else {
            invalid++;
            IO.println("not valid: " + trial.side().label() + ": " + trial.reason().orElse("?"));
        }
    }
    Set<String> missing = new TreeSet<>(Set.of("memory", "blocking", "sendfile", "aio", "uring", "direct"));
    missing.removeAll(engines);
    IO.println(run.trials().size() + " trials, " + invalid + " not valid, engines " + engines);
    if (!run.complete() || !missing.isEmpty()) {
        IO.println("complete: " + run.complete() + ", engines without a valid trial: " + missing);
        System.exit(1);
    }
    for (String report : new String[] {"report.html", "report.md"}) {
        if (Files.size(directory.resolve(report)) < 1000) {
            IO.println(report + " is too short to be one");
            System.exit(1);
        }
    }
}
