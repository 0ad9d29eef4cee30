package ringside.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// `ringside micro`: the JMH benchmarks, with JMH's own options.
@Command(
        name = "micro",
        customSynopsis = "ringside micro [JMH-ARGUMENT...]",
        description = {
            "Runs the JMH microbenchmarks: the request path, one read by each engine, the way into the kernel.",
            "",
            "All arguments go to JMH (-h is its own help). Without any, every benchmark runs with the allocation"
                    + " profiler, which takes some minutes."
        },
        footer = {
            "",
            "Examples:",
            "  ringside micro -l                                                   lists them",
            "  ringside micro RequestBenchmark -prof gc -p engine=uring,blocking",
            "  ringside micro ReadBenchmark -p engine=uring,blocking -p blockBytes=4096",
            "  ringside micro 'KernelCall|SystemCallWay' -f 3              FFM, JNA and JNI"
        })
final class MicroCommand implements Callable<Integer> {

    private static final List<String> ARGUMENTS_DEFAULT = List.of("-prof", "gc");

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it; -h stays JMH's
    private boolean help;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<String> given = arguments.isEmpty() ? ARGUMENTS_DEFAULT : arguments;
        org.openjdk.jmh.Main.main(given.toArray(String[]::new)); // exits by itself, with 1, when a benchmark fails
        return 0;
    }
}
