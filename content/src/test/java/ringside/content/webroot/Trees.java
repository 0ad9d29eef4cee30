package ringside.content.webroot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import ringside.content.Encoding;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// A tree to pack, what packs it, and what tells what came out.
final class Trees {

    static final Kernel KERNEL = new FfmKernel();

    private Trees() {}

    static Path write(Path root, String path, String content) {
        return write(root, path, content.getBytes(StandardCharsets.UTF_8));
    }

    static Path write(Path root, String path, byte[] content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BuildSummary pack(Path root, Path output, UnaryOperator<BuildPlan.Builder> options) {
        return pack(root, output, options, new ArrayList<>());
    }

    static BuildSummary pack(Path root, Path output, UnaryOperator<BuildPlan.Builder> options, List<String> notes) {
        BuildPlan plan = options.apply(BuildPlan.builder(root, output)).build();
        BuildSummary summary = new WebrootBuild(KERNEL, plan, new BuildObserver() {
                    @Override
                    public void note(String sentence) {
                        notes.add(sentence);
                    }
                })
                .run();
        WebrootCheck.Report report = WebrootCheck.run(KERNEL, output, WebrootCheck.Observer.NONE);
        assertTrue(report.isSound(), report::toString);
        assertEquals(summary.identity(), report.identity());
        return summary;
    }

    static WebrootEntry.File file(Webroot webroot, String path) {
        WebrootEntry entry = webroot.lookup(path);
        assertNotNull(entry, path);
        if (entry instanceof WebrootEntry.File file) {
            return file;
        }
        throw new AssertionError(path + " is " + entry);
    }

    static Body variant(WebrootEntry.File file, Encoding encoding) {
        Body body = file.variants().get(encoding);
        assertNotNull(body, encoding + " of " + file);
        return body;
    }

    static byte[] bytes(Webroot webroot, Body body) {
        try (RandomAccessFile file = new RandomAccessFile(webroot.path(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(body.lengthBytes())];
            file.seek(body.offset());
            file.readFully(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Webroot webroot, String path) {
        return new String(bytes(webroot, file(webroot, path).body()), StandardCharsets.UTF_8);
    }
}
