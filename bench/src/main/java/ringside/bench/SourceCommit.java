package ringside.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ringside.bench.result.Answer;
import ringside.bench.result.Measured;

/// The commit of the source that is being run.
///
/// @param hash in full, or `unmeasurable: why`
/// @param dirty whether files that git knows differ from it
record SourceCommit(String hash, Answer dirty) {

    private static final int GIT_SECONDS_MAX = 5;

    /// @param directory of the checkout, if it is one
    static SourceCommit of(Path directory) throws InterruptedException {
        try {
            String hash = git(directory, "rev-parse", "HEAD").orElse("");
            if (!hash.matches("[0-9a-f]{40,64}")) {
                return unknown(directory + " is no git checkout");
            }
            Optional<String> changes = git(directory, "status", "--porcelain", "--untracked-files=no");
            return new SourceCommit(
                    hash,
                    changes.map(list -> Answer.of(!list.isEmpty()))
                            .orElseGet(() -> Answer.unmeasurable("git status failed or took too long")));
        } catch (IOException e) {
            return unknown("git can't be run");
        }
    }

    /// The commit that a revision names.
    ///
    /// @param revision as git-rev-parse(1) takes it
    /// @return its hash in full; empty when there is none
    /// @throws IOException when git can't be run
    static Optional<String> resolve(Path directory, String revision) throws IOException, InterruptedException {
        return git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
                .filter(hash -> hash.matches("[0-9a-f]{40,64}"));
    }

    private static SourceCommit unknown(String why) {
        return new SourceCommit(Measured.unmeasurableText(why), Answer.unmeasurable(why));
    }

    /// @return what git wrote; empty when it failed or took too long
    private static Optional<String> git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readNBytes(65_536), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(GIT_SECONDS_MAX, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(output.strip()) : Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
