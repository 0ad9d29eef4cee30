package ringside.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ringside.bench.report.Words;
import ringside.content.webroot.Damage;
import ringside.content.webroot.Webroot;
import ringside.content.webroot.WebrootCheck;
import ringside.content.webroot.WebrootEntry;
import ringside.content.webroot.WebrootGraph;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// `ringside fsck WEBROOT`: verifies every byte of a webroot.
@Command(
        name = "fsck",
        description = {
            "Verifies a webroot: header, length, index, that all of it is reachable and nothing overlaps, and the"
                    + " digest of every body. Repairs nothing: build it anew.",
            "",
            "The exit code is the gravest damage found."
        },
        footer = {
            "",
            "Examples:",
            "  ringside fsck site.webroot",
            "  ringside fsck site.webroot --list",
            "  ringside fsck site.webroot --dot - | dot -Tsvg -o site.svg"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:sound",
            "2:the command line is wrong",
            "3:not a webroot, or of an unknown version",
            "4:the header is damaged",
            "5:cut off, or something was appended",
            "6:the index is damaged",
            "7:the index contradicts itself, though its checksums are right",
            "8:a body is damaged",
            "9:what is between the bodies isn't zero",
            "69:the file can't be read"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class FsckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "WEBROOT", description = "The file to verify.")
    private Path file = Path.of(".");

    @Option(
            names = "--list",
            description = "List the resources: status, length, media type, entity tag, encodings, path.")
    private boolean list;

    @Option(
            names = "--dot",
            paramLabel = "FILE",
            description = "Draw paths and bodies for Graphviz into this file; - is standard output.")
    private @Nullable String dot;

    @Option(names = "--json", description = "Print the result, and with --list the resources, as JSON.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print no progress.")
    private boolean quiet;

    private final Kernel kernel = new FfmKernel();

    @Override
    public Integer call() throws IOException {
        WebrootCheck.Report report;
        try (PackProgress progress = PackProgress.onStandardError(quiet)) {
            report = WebrootCheck.run(kernel, file, progress);
        }
        boolean isReadable = report.gravest()
                .map(damage -> damage.compareTo(Damage.STRUCTURE) > 0)
                .orElse(true);
        boolean dotToStdout = "-".equals(dot);
        if (isReadable && dot != null) {
            draw(dot);
        }
        PrintStream out = dotToStdout ? System.err : System.out;
        if (json) {
            printJson(out, report, isReadable && list);
        } else {
            if (isReadable && list) {
                list(out);
            }
            print(out, report);
        }
        return report.gravest().map(Damage::exitCode).orElse(0);
    }

    private void draw(String target) throws IOException {
        try (Webroot webroot = Webroot.open(kernel, file)) {
            if (target.equals("-")) {
                Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
                WebrootGraph.write(webroot, out);
                out.flush();
                return;
            }
            try (Writer out = Files.newBufferedWriter(Path.of(target))) {
                WebrootGraph.write(webroot, out);
            }
        }
    }

    private void print(PrintStream out, WebrootCheck.Report report) {
        if (report.isSound()) {
            out.printf(
                    Locale.ROOT,
                    "%s: sound. %s, %s, %s; identity %s%n",
                    file,
                    Words.count(report.resources(), "resource", "resources"),
                    Words.count(report.bodies(), "body", "bodies"),
                    Quantities.bytes(report.fileBytes()),
                    report.identity());
            return;
        }
        for (WebrootCheck.Finding finding : report.findings()) {
            out.println(finding.damage().meaning() + ": " + finding.detail());
        }
        long more = report.findingCount() - report.findings().size();
        if (more > 0) {
            out.printf(Locale.ROOT, "and %,d more%n", more);
        }
        out.println(file + ": damaged. Don't serve it: build it anew, or copy it again.");
    }

    private void list(PrintStream out) {
        try (Webroot webroot = Webroot.open(kernel, file)) {
            StringBuilder line = new StringBuilder();
            webroot.visit((path, entry) -> {
                line.setLength(0);
                String name = WebrootGraph.text(path);
                switch (entry) {
                    case WebrootEntry.File page -> {
                        line.append("200 ")
                                .append(String.format("%12d ", page.body().lengthBytes()));
                        line.append(page.mediaType().replace(" ", "")).append(' ');
                        line.append(page.body().entityTag()).append(' ');
                        line.append(encodings(page)).append(' ').append(name);
                    }
                    case WebrootEntry.Redirect(int status, String location) ->
                        line.append(status)
                                .append(' ')
                                .append(name)
                                .append(" -> ")
                                .append(location);
                    case WebrootEntry.SlashMissing _ ->
                        line.append("301 ")
                                .append(name)
                                .append(" -> ")
                                .append(name)
                                .append('/');
                    case WebrootEntry.Forbidden _ -> line.append("403 ").append(name);
                }
                out.println(line);
            });
            webroot.errorPages()
                    .forEach((status, page) -> out.println(
                            "error page " + status + " " + page.body().lengthBytes() + " " + page.mediaType() + " "
                                    + page.body().entityTag()));
        }
    }

    private static String encodings(WebrootEntry.File page) {
        return page.variants().isEmpty()
                ? "-"
                : String.join(
                        ",",
                        page.variants().keySet().stream()
                                .sorted()
                                .map(e -> e.token())
                                .toList());
    }

    private void printJson(PrintStream out, WebrootCheck.Report report, boolean withResources) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        root.put("webroot", report.path())
                .put("sound", report.isSound())
                .put("identity", report.identity())
                .put("fileBytes", report.fileBytes())
                .put("resources", report.resources())
                .put("bodies", report.bodies())
                .put("verifiedBytes", report.verifiedBytes())
                .put("findingCount", report.findingCount());
        ArrayNode findings = root.putArray("findings");
        report.findings()
                .forEach(finding -> findings.addObject()
                        .put("damage", finding.damage().name().toLowerCase(Locale.ROOT))
                        .put("detail", finding.detail()));
        if (withResources) {
            ArrayNode resources = root.putArray("list");
            try (Webroot webroot = Webroot.open(kernel, file)) {
                webroot.visit((path, entry) -> describe(resources.addObject(), WebrootGraph.text(path), entry));
            }
        }
        out.println(mapper.writeValueAsString(root));
    }

    private static void describe(ObjectNode node, String path, WebrootEntry entry) {
        node.put("path", path);
        switch (entry) {
            case WebrootEntry.File page -> {
                node.put("status", 200)
                        .put("lengthBytes", page.body().lengthBytes())
                        .put("offset", page.body().offset())
                        .put("mediaType", page.mediaType())
                        .put("mtimeSeconds", page.mtimeSeconds())
                        .put("sha256", page.body().sha256());
                ArrayNode encodings = node.putArray("encodings");
                page.variants().keySet().stream().sorted().forEach(encoding -> encodings.add(encoding.token()));
            }
            case WebrootEntry.Redirect(int status, String location) ->
                node.put("status", status).put("location", location);
            case WebrootEntry.SlashMissing _ -> node.put("status", 301).put("location", path + "/");
            case WebrootEntry.Forbidden _ -> node.put("status", 403);
        }
    }
}
