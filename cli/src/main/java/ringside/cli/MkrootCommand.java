package ringside.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.report.Words;
import ringside.content.Encoding;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.BuildSummary;
import ringside.content.webroot.WebrootBuild;
import ringside.linux.FfmKernel;

/// `ringside mkroot DIR OUT`: packs a directory tree into one file that can be served.
@Command(
        name = "mkroot",
        description = {
            "Packs a directory tree into a webroot: one file with all contents, media types, entity tags and an index,"
                    + " checksummed.",
            "",
            "OUT appears whole or not at all; a server that has the old one open goes on with it. A directory answers"
                    + " with its index.html, else default.html, else a generated listing. Links inside the tree are"
                    + " followed. Equal contents are stored once. The same tree and times give the same bytes."
        },
        footer = {
            "",
            "Examples:",
            "  ringside mkroot site site.webroot",
            "  ringside mkroot site site.webroot --compress gzip,br --error 404=404.html --no-listings",
            "  ringside mkroot site site.webroot --mount /docs=../manual/html --redirect /blog=/news/,302",
            "  ringside mkroot site site.webroot --mtime-from 2026-01-01T00:00:00Z    reproducible from any copy"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class MkrootCommand implements Callable<Integer> {

    private static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory to pack.")
    private Path root = Path.of(".");

    @Parameters(index = "1", paramLabel = "OUT", description = "The webroot to write or replace.")
    private Path output = Path.of(".");

    @Option(names = "--hidden", description = "Take names that begin with a dot too.")
    private boolean hidden;

    @Option(names = "--no-listings", description = "Answer 403 for directories without an index, instead of a listing.")
    private boolean noListings;

    @Option(
            names = "--skip-bad-links",
            description = "Leave out symbolic links that lead nowhere, out of DIR or in circles, with a note each"
                    + " (default: they end the build).")
    private boolean skipBadLinks;

    @Option(
            names = "--mtime-from",
            paramLabel = "SOURCE",
            defaultValue = "files",
            description =
                    "Where Last-Modified comes from: 'files' (each its own), a file's path (that one's for all), a"
                            + " time as 2026-01-01T00:00:00Z, or @ and seconds since 1970 (default: ${DEFAULT-VALUE}).")
    private String mtimeFrom = "";

    @Option(
            names = "--compress",
            paramLabel = "ENCODING",
            split = ",",
            description = "Store compressed forms beside what compresses, where they are smaller: gzip, br, zstd.")
    private List<String> encodings = List.of();

    @Option(
            names = "--compress-min",
            paramLabel = "BYTES",
            defaultValue = BuildPlan.COMPRESS_MIN_BYTES_DEFAULT + "",
            description = "Don't compress what is shorter (default: ${DEFAULT-VALUE}).")
    private long compressMinBytes;

    @Option(
            names = "--error",
            paramLabel = "STATUS=PATH",
            description = "Answer errors of this status with a file of DIR: 404=errors/404.html. Repeatable.")
    private List<String> errors = List.of();

    @Mixin
    private TreeOptions tree = new TreeOptions();

    @Option(
            names = "--redirects",
            paramLabel = "FILE",
            description = "Redirects from a file: a line '/old /new [status]' for each; # begins a comment line.")
    private @Nullable Path redirectFile;

    @Option(names = "--json", description = "Print the summary as JSON on standard output.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print no progress and no notes.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        BuildPlan plan = Failure.asUsage(spec, this::plan);
        requireDirectory(root);
        PackProgress progress = PackProgress.onStandardError(quiet);
        WebrootBuild build = new WebrootBuild(new FfmKernel(), plan, progress);
        try (Interrupt _ = Interrupt.onSignal(build::stop, GRACE)) {
            long start = System.nanoTime();
            BuildSummary summary = build.run();
            progress.close();
            print(System.out, summary, (System.nanoTime() - start) / 1e9);
            return 0;
        } catch (CancellationException e) {
            progress.close();
            System.err.println("ringside mkroot: " + e.getMessage());
            return Main.EXIT_INTERRUPTED;
        } finally {
            progress.close();
        }
    }

    private static void requireDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(
                    Files.exists(directory)
                            ? directory + " is not a directory. Name the one to pack."
                            : "there is no " + directory + ". Name the directory to pack.");
        }
    }

    private BuildPlan plan() throws IOException {
        BuildPlan.Builder plan = BuildPlan.builder(root, output)
                .hidden(hidden)
                .listings(!noListings)
                .skipBadLinks(skipBadLinks);
        List<Encoding> wanted = new ArrayList<>();
        encodings.forEach(token -> wanted.add(Encoding.of(token)));
        plan.compress(wanted, compressMinBytes);
        for (String error : errors) {
            if (!error.matches("[0-9]{3}=.+")) {
                throw new IllegalArgumentException("'" + error + "' is no error page: write 404=errors/404.html");
            }
            plan.errorPage(Integer.parseInt(error.substring(0, 3)), error.substring(4));
        }
        tree.redirects().forEach(plan::redirect);
        if (redirectFile != null) {
            plan.redirects(redirectFile);
        }
        tree.mounts().forEach(plan::mount);
        if (!mtimeFrom.equals("files")) {
            plan.mtime(mtimeSeconds(mtimeFrom));
        }
        return plan.build();
    }

    private static long mtimeSeconds(String source) throws IOException {
        if (source.matches("@-?[0-9]{1,12}")) {
            return Long.parseLong(source.substring(1));
        }
        try {
            return Instant.parse(source).getEpochSecond();
        } catch (DateTimeParseException e) {
            Path file = Path.of(source);
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(
                        "--mtime-from '" + source + "' is neither 'files', nor a file that exists, nor a time as"
                                + " 2026-01-01T00:00:00Z or @1767225600",
                        e);
            }
            FileTime time = Files.getLastModifiedTime(file);
            return time.toInstant().getEpochSecond();
        }
    }

    private void print(PrintStream out, BuildSummary summary, double seconds) throws IOException {
        if (json) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            out.println(mapper.writeValueAsString(mapper.createObjectNode()
                    .put("webroot", output.toString())
                    .put("identity", summary.identity())
                    .put("files", summary.files())
                    .put("directories", summary.directories())
                    .put("resources", summary.resources())
                    .put("bodies", summary.bodies())
                    .put("duplicates", summary.duplicates())
                    .put("variants", summary.variants())
                    .put("readBytes", summary.readBytes())
                    .put("fileBytes", summary.fileBytes())
                    .put("indexBytes", summary.indexBytes())
                    .put("skippedHidden", summary.skippedHidden())
                    .put("skippedSpecial", summary.skippedSpecial())
                    .put("skippedLinks", summary.skippedLinks())
                    .put("seconds", seconds)));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s: %s (%s) in %s, %s; %s, of which the index is %s; %.1f s%n",
                output,
                Words.count(summary.files(), "file", "files"),
                Quantities.bytes(summary.readBytes()),
                Words.count(summary.directories(), "directory", "directories"),
                Words.count(summary.resources(), "resource", "resources"),
                Quantities.bytes(summary.fileBytes()),
                Quantities.bytes(summary.indexBytes()),
                seconds);
        List<String> also = new ArrayList<>();
        count(also, summary.duplicates(), "file", "files", "whose content was there already");
        count(also, summary.variants(), "compressed form", "compressed forms", "");
        count(also, summary.skippedHidden(), "hidden name", "hidden names", "left out (--hidden takes them)");
        count(also, summary.skippedSpecial(), "special file", "special files", "left out");
        count(also, summary.skippedLinks(), "bad link", "bad links", "left out");
        if (!also.isEmpty()) {
            out.println(String.join("; ", also));
        }
    }

    private static void count(List<String> parts, long count, String one, String many, String what) {
        if (count > 0) {
            parts.add((Words.count(count, one, many) + " " + what).strip());
        }
    }
}
