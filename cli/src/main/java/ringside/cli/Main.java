package ringside.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// The entry of `./ringside`: parses the command line and turns errors into sentences and exit codes.
///
/// | exit code | meaning |
/// |---|---|
/// | 0 | done |
/// | 1 | it ran, and the answer is bad: wrong bytes, failed trials |
/// | 2 | the command line is wrong |
/// | 69 | something that is needed is missing or refuses: a directory, a port, a kernel facility |
/// | 70 | a defect of ringside; please report it |
/// | 130 | interrupted (Ctrl-C); what was finished is kept |
/// | 143 | ended by SIGTERM; what was finished is kept |
@Command(
        name = "ringside",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Compares ways of asking the kernel to move bytes from a file to a socket.",
            "",
            "Start with @|bold ringside bench|@: a side-by-side of the engines on generated files, in under two"
                    + " minutes. 'ringside COMMAND --help' explains each command.",
            ""
        },
        subcommands = {
            BenchCommand.class,
            ReplayCommand.class,
            CompareCommand.class,
            GateCommand.class,
            ExportCommand.class,
            HistoryCommand.class,
            ServeCommand.class,
            LoadCommand.class,
            IoCommand.class,
            EnginesCommand.class,
            ExplainCommand.class,
            MicroCommand.class,
            VerifyCommand.class,
            DoctorCommand.class,
            MkrootCommand.class,
            FsckCommand.class,
            RehearseCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it ran, and the answer is bad (wrong bytes, failed trials)",
            "2:the command line is wrong",
            "69:something that is needed is missing or refuses",
            "70:a defect of ringside; please report it",
            "130:interrupted (Ctrl-C); what was finished is kept",
            "143:ended by SIGTERM, the usual end of 'serve'; what was finished is kept"
        })
public final class Main implements Runnable {

    static final int EXIT_BAD_ANSWER = 1;
    static final int EXIT_UNAVAILABLE = 69;
    static final int EXIT_DEFECT = 70;
    static final int EXIT_INTERRUPTED = 130;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /// Runs a command and exits with its code.
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        CommandLine commandLine = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(Terminal.STDOUT)))
                .setParameterExceptionHandler((exception, arguments) -> Failure.reportUsage(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> Failure.report(exception, command));
        return commandLine.execute(args);
    }

    /// How to colour what is written to descriptor `fd`.
    static Ansi ansi(int fd) {
        return colours(fd) ? Ansi.ON : Ansi.OFF;
    }

    /// Whether to colour what is written to descriptor `fd`: only on a terminal, and not when NO_COLOR
    /// (no-color.org) is set.
    static boolean colours(int fd) {
        String noColour = System.getenv("NO_COLOR");
        return (noColour == null || noColour.isEmpty())
                && Syscall.SUPPORTED
                && Terminal.isTerminal(new FfmKernel(), fd);
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
