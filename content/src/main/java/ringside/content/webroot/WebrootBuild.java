package ringside.content.webroot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import ringside.content.Coder;
import ringside.linux.Kernel;

/// Builds a webroot from a directory: `ringside mkroot`.
///
/// Memory grows with the number of resources by some 30 bytes each, not with their bytes. The same tree and
/// the same plan give the same bytes, if the times are the same too ([BuildPlan#mtimeSeconds()]). The file
/// appears whole or not at all: until the rename at the end the old one, if any, stays as it is, whatever
/// happens.
public final class WebrootBuild {

    private final Kernel kernel;
    private final BuildPlan plan;
    private final BuildTally tally;

    public WebrootBuild(Kernel kernel, BuildPlan plan, BuildObserver observer) {
        this.kernel = kernel;
        this.plan = plan;
        this.tally = new BuildTally(observer);
    }

    /// Asks the build to stop soon. Any thread.
    public void stop() {
        tally.stop();
    }

    /// Builds. Once.
    ///
    /// @throws BuildException if the tree can't be a webroot as it is
    /// @throws WebrootException if a webroot to be mounted is damaged
    /// @throws ringside.linux.KernelException if something can't be read or written
    /// @throws java.util.concurrent.CancellationException after [#stop()]; nothing was written
    public BuildSummary run() {
        plan.encodings().forEach(Coder::require);
        try (WebrootWriter writer = WebrootWriter.create(kernel, target());
                Arena arena = Arena.ofConfined();
                VariantStore variants = new VariantStore(plan.encodings(), plan.compressMinBytes(), writer, tally);
                Listing listing = new Listing(writer)) {
            FileIntake intake = new FileIntake(kernel, arena, writer.bodies(), variants, tally, plan.mtimeSeconds());
            ResourceSink sink = new ResourceSink(writer, tally, plan);
            BuildParts parts = new BuildParts(plan, writer, sink, intake, variants, listing, tally);
            fill(parts);
            tally.progress();
            tally.observer().indexing(writer.recordCount());
            Header header = writer.finish();
            return summary(header);
        }
    }

    /// Who names a link means the file behind it.
    private Path target() {
        try {
            if (Files.isDirectory(plan.output())) {
                throw new BuildException(plan.output() + " is a directory: name the file that the webroot is to be");
            }
            return Files.isSymbolicLink(plan.output()) && Files.exists(plan.output())
                    ? plan.output().toRealPath()
                    : plan.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(BuildParts parts) {
        try (TreeWalk tree = new TreeWalk(kernel, parts, plan.root(), "/")) {
            tree.run();
            Map<Integer, StoredFile> pages = new TreeMap<>();
            plan.errorPages().forEach((status, path) -> pages.put(status, tree.single(path)));
            pages.forEach((status, page) -> parts.writer().errorPage(status, page.body(), page.mediaType()));
        }
        plan.mounts().forEach((prefix, source) -> mount(parts, prefix, source));
        plan.redirects().stream()
                .sorted(Comparator.comparing(RedirectRule::path))
                .forEach(parts.sink()::rule);
    }

    private void mount(BuildParts parts, String prefix, Path source) {
        PathBuffer path = new PathBuffer(prefix.getBytes(StandardCharsets.UTF_8));
        if (parts.sink().isFree(path)) {
            parts.sink().slashMissing(path);
        }
        if (Files.isDirectory(source)) {
            try (TreeWalk tree = new TreeWalk(kernel, parts, source, prefix + "/")) {
                tree.run();
            }
        } else {
            try (Webroot webroot = Webroot.open(kernel, source)) {
                new WebrootGraft(webroot, parts, prefix).run();
            }
        }
    }

    private BuildSummary summary(Header header) {
        return new BuildSummary(
                tally.files,
                tally.directories,
                header.resources(),
                header.bodies(),
                tally.readBytes,
                tally.duplicates,
                tally.variants,
                tally.skippedHidden,
                tally.skippedSpecial,
                tally.skippedLinks,
                header.fileBytes(),
                header.indexBytes(),
                header.identity());
    }
}
