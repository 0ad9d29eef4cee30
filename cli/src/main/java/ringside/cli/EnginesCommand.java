package ringside.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import ringside.engines.Availability.Available;
import ringside.engines.Availability.Unavailable;
import ringside.engines.Engine;
import ringside.engines.EngineOption;
import ringside.engines.EngineSpec;
import ringside.engines.Engines;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Terminal;

/// `ringside engines`: every engine on every transport, available or not, with the reason and the remedy.
@Command(
        name = "engines",
        description = "Lists engines and transports: what can run here, and what would help where it can't.",
        mixinStandardHelpOptions = true)
final class EnginesCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the options of each engine as well.")
    private boolean verbose;

    private final Kernel kernel = new FfmKernel();

    @Override
    public Integer call() throws IOException {
        if (json) {
            printJson(System.out);
        } else {
            printTable(System.out);
        }
        return 0;
    }

    private void printTable(PrintStream out) {
        Ansi ansi = Main.ansi(Terminal.STDOUT);
        List<String> reasons = new ArrayList<>();
        out.printf("%-13s %-8s", "engine", "shape");
        for (Transport transport : Transport.values()) {
            out.printf(" %-9s", transport.id());
        }
        out.println(" the bytes' way");
        for (Engine engine : Engines.ALL) {
            EngineSpec spec = engine.spec();
            out.printf("%-13s %-8s", spec.name(), shape(engine));
            for (Transport transport : Transport.values()) {
                switch (engine.probe(kernel, transport)) {
                    case Available _ -> out.print(ansi.string(" @|green yes|@      "));
                    case Unavailable(String reason, String remedy) -> {
                        out.print(ansi.string(" @|yellow no|@       "));
                        reasons.add(spec.name() + " on " + transport.id() + ": " + reason + ". " + remedy);
                    }
                }
            }
            out.println(" " + spec.bytesWay());
            if (verbose) {
                printDetails(out, spec);
            }
        }
        if (!reasons.isEmpty()) {
            out.println();
            reasons.forEach(reason -> out.println("no: " + reason));
        }
    }

    private static void printDetails(PrintStream out, EngineSpec spec) {
        if (!spec.aliases().isEmpty()) {
            out.println("    also called: " + String.join(", ", spec.aliases()));
        }
        out.println("    not when: " + spec.avoidWhen());
        for (EngineOption option : spec.options()) {
            out.printf(
                    "    %s=%s (%s): %s%n",
                    option.name(), option.text(option.defaultValue()), option.range(), option.help());
        }
    }

    private void printJson(PrintStream out) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ArrayNode list = mapper.createArrayNode();
        for (Engine engine : Engines.ALL) {
            EngineSpec spec = engine.spec();
            ObjectNode node = list.addObject();
            node.put("engine", spec.name());
            node.put("shape", shape(engine));
            node.put("bytesWay", spec.bytesWay());
            node.put("avoidWhen", spec.avoidWhen());
            ArrayNode aliases = node.putArray("aliases");
            spec.aliases().forEach(aliases::add);
            ArrayNode options = node.putArray("options");
            for (EngineOption option : spec.options()) {
                ObjectNode entry =
                        options.addObject().put("name", option.name()).put("help", option.help());
                if (option.choices().isEmpty()) {
                    entry.put("default", option.defaultValue())
                            .put("minimum", option.minimum())
                            .put("maximum", option.maximum());
                } else {
                    entry.put("default", option.text(option.defaultValue()));
                    option.choices().forEach(entry.putArray("choices")::add);
                }
            }
            ObjectNode transports = node.putObject("transports");
            for (Transport transport : Transport.values()) {
                ObjectNode cell = transports.putObject(transport.id());
                switch (engine.probe(kernel, transport)) {
                    case Available(List<String> features) -> {
                        cell.put("available", true);
                        ArrayNode names = cell.putArray("features");
                        features.forEach(names::add);
                    }
                    case Unavailable(String reason, String remedy) ->
                        cell.put("available", false).put("reason", reason).put("remedy", remedy);
                }
            }
        }
        out.println(mapper.writeValueAsString(list));
    }

    private static String shape(Engine engine) {
        return engine instanceof ReadingEngine ? "reading" : "sending";
    }
}
