package ringside.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
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

    private static final List<Class<?>> COMMANDS = List.of(
            BenchCommand.class,
            ReportCommand.class,
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
            CommandLine.HelpCommand.class);

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    /// Runs a command and exits with its code.
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine(args).execute(args);
    }

    /// The commands, as command lines are parsed. Only those that are named have their options and parameters: to read
    /// all of them takes longer than all else that `--help` does.
    ///
    /// @param words of the command line
    static CommandLine commandLine(String... words) {
        CommandLine commandLine = new CommandLine(new Main());
        List<String> named = Arrays.asList(words);
        // `@FILE` stands for words in a file.
        boolean others = named.stream().anyMatch(word -> word.startsWith("@"));
        for (Class<?> type : COMMANDS) {
            Command command = type.getAnnotation(Command.class);
            commandLine.addSubcommand(
                    command.name(),
                    others || named.contains(command.name()) ? new CommandLine(type) : heading(command));
        }
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(Terminal.STDOUT)))
                .setParameterExceptionHandler((exception, arguments) -> Failure.reportUsage(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> Failure.report(exception, command));
    }

    /// What a list of commands says of one.
    private static CommandSpec heading(Command command) {
        CommandSpec spec = CommandSpec.create().name(command.name()).helpCommand(command.helpCommand());
        spec.usageMessage()
                .header(command.header())
                .description(command.description())
                .hidden(command.hidden());
        return spec;
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
