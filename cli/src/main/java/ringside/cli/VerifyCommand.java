package ringside.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.bench.verify.Verify;
import ringside.bench.verify.VerifyJson;
import ringside.bench.verify.VerifyPlan;
import ringside.bench.verify.VerifyResult;
import ringside.bench.verify.VerifyTable;
import ringside.engines.ChosenEngine;
import ringside.engines.EngineOptions;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// `ringside verify`: every byte of every engine, while clients misbehave.
@Command(
        name = "verify",
        description = {
            "Checks that engines send the right bytes: serves files whose every byte is known, to clients that"
                    + " pipeline, abort, stall, trickle and leave half-way, and compares all that comes back.",
            "",
            "A wrong byte, a connection that is cut or hangs, and anything that a server leaves behind (descriptors,"
                    + " mappings, threads, buffers) is a failure."
        },
        footer = {
            "",
            "Examples:",
            "  ringside verify",
            "  ringside verify --engine uring:queue-depth=4,direct --transport epoll --seconds 60",
            "  ringside verify --engine all --mutate --connections 200 --json",
            "  ringside verify --engine sendfile,uring --transport epoll --connections 64 --replace 200"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    private static final int COLUMNS_DEFAULT = 120;

    /// For the clients' last round, the drain of the server, and the table.
    private static final Duration GRACE = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-e", "--engine", "--engines"},
            paramLabel = "all|NAME[:OPTION=VALUE,...],...",
            defaultValue = "all",
            description =
                    "Engines to verify; 'ringside engines -v' lists names and options (default: ${DEFAULT-VALUE}).")
    private String engines = "";

    @Option(
            names = {"--transport", "--transports"},
            split = ",",
            paramLabel = "all|NAME",
            defaultValue = "all",
            description = "nio, epoll, io_uring; every engine runs on each (default: ${DEFAULT-VALUE}).")
    private List<String> transports = List.of();

    @Option(
            names = {"-s", "--seconds"},
            paramLabel = "TIME",
            defaultValue = "5",
            converter = Quantities.Span.class,
            description = "Time for each engine on each transport: 5, 500ms, 2m (default: ${DEFAULT-VALUE}).")
    private Duration time = Duration.ZERO;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "COUNT",
            defaultValue = VerifyPlan.CONNECTIONS_DEFAULT + "",
            description = "Clients at once (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides the files' contents and what each client does (default: random, printed).")
    private @Nullable Long seed;

    @Option(
            names = "--mutate",
            description = "Replace files and cut them off while they are served as well. An answer about a file that"
                    + " was cut off may end early, behind right bytes.")
    private boolean mutate;

    @Option(
            names = "--replace",
            paramLabel = "COUNT",
            description = "Verify a virtual host instead whose webroot is replaced so often, under the hands of the"
                    + " clients: none may see a failure, a mixture or an older version again. A pair ends with the last"
                    + " replacement.")
    private int replacements;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Make the files below this directory, to read from its file system (default: the system's"
                    + " directory for temporary files).")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Option(names = "--json", description = "Print the result as JSON on standard output; all else goes to stderr.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Kernel kernel = new FfmKernel();
        PrintStream out = json ? System.err : System.out;
        int fd = json ? Terminal.STDERR : Terminal.STDOUT;
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(kernel, fd);
        int columns = terminal ? Terminal.widthColumns(kernel, fd, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        VerifyPlan plan = Failure.asUsage(spec, this::plan);
        Verify verify = new Verify(plan, kernel, new VerifyProgress(out, terminal, columns));
        // Until all is written: a signal asks for what was found so far, not for its loss.
        try (Interrupt _ = Interrupt.onSignal(verify::stop, GRACE)) {
            VerifyResult result = verify.run();
            out.print(new VerifyTable(Main.colours(fd)).render(result));
            out.flush();
            if (json) {
                System.out.println(VerifyJson.of(result));
            }
            if (result.interrupted()) {
                return Main.EXIT_INTERRUPTED;
            }
            if (!result.isAnythingChecked()) {
                throw new UnsupportedOperationException("no server of these pairs started, so nothing was checked."
                        + " Choose other engines, options or transports; the table says what each lacks.");
            }
            return result.isGood() ? 0 : Main.EXIT_BAD_ANSWER;
        }
    }

    private VerifyPlan plan() {
        List<ChosenEngine> chosen = engines.equals("all")
                ? Engines.ALL.stream()
                        .map(engine -> new ChosenEngine(engine, EngineOptions.defaults(engine.spec())))
                        .toList()
                : ChosenEngine.parseList(engines);
        List<Transport> on = transports.equals(List.of("all"))
                ? Arrays.asList(Transport.values())
                : transports.stream().map(Transport::byId).distinct().toList();
        return new VerifyPlan(
                chosen,
                on,
                time,
                connections,
                seed != null ? seed : new SecureRandom().nextInt(1_000_000),
                mutate,
                directory,
                replacements,
                VerifyPlan.PATIENCE_DEFAULT);
    }
}
