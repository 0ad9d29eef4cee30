package ringside.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.EngineOptions;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.loadtest.LoadGenerator;
import ringside.loadtest.LoadObserver;
import ringside.loadtest.LoadPlan;
import ringside.loadtest.LoadReport;
import ringside.loadtest.LoadTarget;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// `ringside rehearse`: serves a file to itself, by every engine that runs here, for the launcher's AOT cache (JEP
/// 483). What a trial's two processes load and run is then linked when they start; so is what prints help.
@Command(name = "rehearse", hidden = true, description = "Serves a file to itself; the launcher's AOT cache learns.")
final class RehearseCommand implements Callable<Integer> {

    private static final Duration SPAN = Duration.ofMillis(150);
    private static final int BODY_BYTES = 64 << 10;

    @Override
    public Integer call() throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine commands = Main.commandLine();
        commands.usage(nowhere);
        String[] names = commands.getSubcommands().keySet().toArray(String[]::new);
        Main.commandLine(names).getSubcommands().values().forEach(command -> command.usage(nowhere));
        Kernel kernel = new FfmKernel();
        Path directory = Files.createTempDirectory("ringside-rehearsal");
        Path file = directory.resolve("file.html");
        try {
            Files.write(file, new byte[BODY_BYTES]);
            for (Transport transport : List.of(Transport.EPOLL, Transport.IO_URING)) {
                for (Engine engine : Engines.ALL) {
                    if (engine.probe(kernel, transport).isAvailable()) {
                        rehearse(kernel, directory, engine, transport, nowhere);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
        return 0;
    }

    private static void rehearse(Kernel kernel, Path directory, Engine engine, Transport transport, PrintStream nowhere)
            throws IOException {
        ChosenEngine chosen = new ChosenEngine(engine, EngineOptions.defaults(engine.spec()));
        ServerConfig config = ServerConfig.of(directory, chosen, transport, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(1);
        try (HttpServer server = HttpServer.start(config)) {
            LoadPlan plan = LoadPlan.builder(
                            List.of(LoadTarget.parse("http://127.0.0.1:" + server.port() + "/file.html")))
                    .durations(SPAN, SPAN)
                    .transport(transport)
                    .build();
            LoadReport report = new LoadGenerator(plan, LoadObserver.NONE).run();
            LoadSummary.print(nowhere, Ansi.OFF, report);
            nowhere.println(report.toJson());
        }
    }
}
