package ringside.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.explain.ExplainPlan;
import ringside.bench.explain.Explainer;
import ringside.bench.explain.Explanation;
import ringside.bench.explain.HtmlTimeline;
import ringside.bench.explain.MarkdownCounts;
import ringside.bench.explain.TerminalTimeline;
import ringside.bench.explain.TimelineJson;
import ringside.bench.trial.Launcher;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// `ringside explain ENGINE`: one request, and what the kernel did for it.
@Command(
        name = "explain",
        description = {
            "Sends a request through a live server and shows the true sequence of what the kernel did: every system"
                    + " call and completion with arguments, thread and time, and what it stands for.",
            "",
            "The server is started, asked until it is warm, and traced for a few requests by the kernel's tracepoints;"
                    + " the request that went as most did is shown. Needs root."
        },
        footer = {
            "",
            "Examples:",
            "  ringside explain blocking",
            "  ringside explain uring --transport io_uring --cold --html uring.html",
            "  ringside explain sendfile --size 1m --transport nio,epoll,io_uring --markdown"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    private static final int COLUMNS_DEFAULT = 140;

    /// For the end of the server and the removal of trace buffer and file.
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "ENGINE[:OPTION=VALUE,...]",
            description = "The engine to explain; 'ringside engines -v' lists names and options.")
    private String engine = "";

    @Option(
            names = "--transport",
            split = ",",
            paramLabel = "NAME",
            description = "nio, epoll or io_uring; several, one after the other (default: epoll, or nio where epoll"
                    + " can't run).")
    private @Nullable List<String> transports;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "64k",
            description = "Size of the file that is asked for: bytes, or 1k, 16k, 1m (default: ${DEFAULT-VALUE}).")
    private String size = "";

    @Option(names = "--cold", description = "Take the file out of the page cache before each request.")
    private boolean cold;

    @Option(
            names = "--requests",
            paramLabel = "COUNT",
            defaultValue = ExplainPlan.REQUESTS_DEFAULT + "",
            description = "Requests to trace; the one that is most like the others is shown (default:"
                    + " ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--all", description = "Show all threads, those of the JVM too, and long timelines in full length.")
    private boolean all;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the picture to this file, too.")
    private @Nullable Path html;

    @Option(names = "--json", description = "Print JSON on standard output instead of the table.")
    private boolean json;

    @Option(
            names = "--markdown",
            description = "Print the counts as a Markdown table instead, for a page of kernel-notes.")
    private boolean markdown;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the file is made, for the time: its file system and device are what --cold shows"
                    + " (default: results/local beside ringside).")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ExplainPlan> plans = Failure.asUsage(spec, this::plans);
        if (html != null) {
            WritableFile.require("--html", html);
        }
        Kernel kernel = new FfmKernel();
        Launcher launcher = Launcher.likeThisProcess(Main.class.getName());
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(kernel, Terminal.STDERR);
        List<Explanation> explanations = new ArrayList<>();
        for (ExplainPlan plan : plans) {
            Explainer explainer = new Explainer(plan, launcher, kernel, new Progress(terminal));
            try (Interrupt _ = Interrupt.onSignal(explainer::stop, GRACE)) {
                Explanation explanation = explainer.run();
                explanations.add(explanation);
                Progress.clear(terminal);
                if (!json && !markdown) {
                    print(kernel, explanation, plans.size() > 1);
                }
            } catch (IOException | IllegalStateException e) {
                if (explainer.isStopped()) {
                    return Main.EXIT_INTERRUPTED;
                }
                throw e;
            } finally {
                Progress.clear(terminal);
            }
        }
        if (json) {
            explanations.forEach(explanation -> System.out.print(TimelineJson.render(explanation)));
        } else if (markdown) {
            System.out.print(MarkdownCounts.render(explanations));
        }
        if (html != null) {
            Files.writeString(html, HtmlTimeline.render(explanations.getFirst()));
            System.err.println("picture: " + html.toAbsolutePath());
        }
        return 0;
    }

    private void print(Kernel kernel, Explanation explanation, boolean separate) {
        int columns =
                Syscall.SUPPORTED ? Terminal.widthColumns(kernel, Terminal.STDOUT, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        System.out.print(new TerminalTimeline(columns, Main.colours(Terminal.STDOUT), all).render(explanation));
        if (separate) {
            System.out.println();
        }
    }

    private List<ExplainPlan> plans() {
        ChosenEngine chosen = ChosenEngine.parse(engine);
        List<Transport> on = transports == null
                ? List.of(Transport.preferred())
                : transports.stream().map(Transport::byId).toList();
        if (html != null && on.size() > 1) {
            throw new IllegalArgumentException("--html shows one transport: name one");
        }
        if (json && markdown) {
            throw new IllegalArgumentException("--json and --markdown both go to standard output: choose one");
        }
        long sizeBytes = ByteSize.parse(size);
        Path place = directory != null
                ? directory
                : Home.directory().resolve("results").resolve("local");
        return on.stream()
                .map(transport -> new ExplainPlan(chosen, transport, sizeBytes, cold, requests, place))
                .toList();
    }

    /// One line that is written over, where somebody looks.
    private record Progress(boolean terminal) implements java.util.function.Consumer<String> {

        private static final String CLEAR_LINE = "\r\u001b[K";

        @Override
        public void accept(String doing) {
            if (terminal) {
                System.err.print(CLEAR_LINE + doing + " …");
                System.err.flush();
            }
        }

        static void clear(boolean terminal) {
            if (terminal) {
                System.err.print(CLEAR_LINE);
                System.err.flush();
            }
        }
    }
}
