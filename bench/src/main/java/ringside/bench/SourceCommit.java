package ringside.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ringside.bench.result.Measured;

/// The commit of the source that is being run.
///
/// @param hash in full, or `unmeasurable: why`
/// @param dirty whether files that git knows differ from it
record SourceCommit(String hash, boolean dirty) {

    private static final int GIT_SECONDS_MAX = 5;

    /// @param directory of the checkout, if it is one
    static SourceCommit of(Path directory) throws InterruptedException {
        try {
            String hash = git(directory, "rev-parse", "HEAD");
            if (!hash.matches("[0-9a-f]{40,64}")) {
                return new SourceCommit(Measured.unmeasurableText(directory + " is no git checkout"), false);
            }
            return new SourceCommit(
                    hash,
                    !git(directory, "status", "--porcelain", "--untracked-files=no")
                            .isEmpty());
        } catch (IOException e) {
            return new SourceCommit(Measured.unmeasurableText("git can't be run"), false);
        }
    }

    private static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readNBytes(65_536), StandardCharsets.UTF_8);
            return process.waitFor(GIT_SECONDS_MAX, TimeUnit.SECONDS) ? output.strip() : "";
        } finally {
            process.destroyForcibly();
        }
    }
}
