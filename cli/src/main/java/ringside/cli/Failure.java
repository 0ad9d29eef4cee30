package ringside.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import ringside.bench.result.UnreadableRunException;
import ringside.content.webroot.BuildException;
import ringside.content.webroot.WebrootException;
import ringside.linux.KernelException;
import ringside.loadtest.LoadException;

/// Turns what went wrong into a sentence on standard error and an exit code. Only a defect of ringside prints
/// a stack trace.
final class Failure {

    private Failure() {}

    /// What makes a plan of a command line.
    @FunctionalInterface
    interface Step<T, E extends Exception> {
        T take() throws E;
    }

    /// Takes the step that makes a plan of the command line. Only there an [IllegalArgumentException] is a
    /// sentence about the command line; anywhere else it is a defect.
    ///
    /// @throws CommandLine.ParameterException with the sentence
    static <T, E extends Exception> T asUsage(CommandLine.Model.CommandSpec spec, Step<T, E> step) throws E {
        try {
            return step.take();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /// A command line that can't be understood: one sentence, the nearest right word, and where the help is.
    static int reportUsage(CommandLine.ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        // picocli speaks of Java's types.
        err.println(name + ": "
                + String.valueOf(exception.getMessage())
                        .replaceFirst("is not an? (int|long)$", "is not a whole number")
                        .replaceFirst("is not a double$", "is not a number"));
        CommandLine.UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("Try '" + name + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    static int report(Exception exception, CommandLine command) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        switch (exception) {
            case LoadException e -> err.println(name + ": " + e.getMessage());
            case UnreadableRunException e -> err.println(name + ": " + e.getMessage());
            case UnsupportedOperationException e -> err.println(name + ": " + e.getMessage());
            case WebrootException e -> err.println(name + ": " + e.getMessage());
            case BuildException e -> err.println(name + ": " + e.getMessage());
            case KernelException e -> err.println(name + ": " + e.getMessage());
            case NoSuchFileException e -> err.println(name + ": there is no " + e.getFile() + ". Check the path.");
            case AccessDeniedException e ->
                err.println(name + ": " + e.getFile() + " can't be read or written. Check its permissions.");
            case FileSystemException e -> err.println(name + ": " + e.getMessage());
            case IOException e -> err.println(name + ": " + e.getMessage());
            default -> {
                err.println(name + ": a defect of ringside. Please report it with the lines below.");
                exception.printStackTrace(err);
                err.flush();
                return Main.EXIT_DEFECT;
            }
        }
        return Main.EXIT_UNAVAILABLE;
    }
}
