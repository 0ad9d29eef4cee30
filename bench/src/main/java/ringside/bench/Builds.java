package ringside.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import ringside.bench.trial.Build;
import ringside.bench.trial.Child;
import ringside.bench.trial.Children;
import ringside.bench.trial.TrialFailure;
import ringside.linux.CpuSet;

/// Other builds of ringside that take part in a comparison: jars that are there, and commits that are built.
///
/// A commit is unpacked (git-archive(1)) into a directory of its own, where its `./ringside` builds it, as it builds
/// itself anywhere. Builds are kept: the next run with that commit finds its jar. Two runs that want the same commit
/// wait for each other.
final class Builds {

    private static final String JAR = "cli/target/ringside.jar";
    private static final Duration BUILD_MAX = Duration.ofMinutes(20);

    private final Path checkout;
    private final Path cache;

    /// @param checkout of ringside's source, which knows the commits
    /// @param cache where builds are kept
    Builds(Path checkout, Path cache) {
        this.checkout = checkout;
        this.cache = cache.toAbsolutePath().normalize();
    }

    /// @throws IllegalArgumentException a sentence: there is none, or it is no program
    static Build.Jar jar(Path path) {
        Path jar = path.toAbsolutePath().normalize();
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null || manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) == null) {
                throw new IllegalArgumentException(
                        jar + " names no Main-Class: give the ringside.jar of cli/target, with lib/ beside it");
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException(jar + " is no jar: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "there is no jar to read at " + jar + ": give the path of a ringside.jar", e);
        }
        try {
            return new Build.Jar(jar, Binary.sha256(jar));
        } catch (IOException e) {
            throw new IllegalArgumentException(jar + " can't be read: " + e.getMessage(), e);
        }
    }

    /// @param revision as git-rev-parse(1) takes it
    /// @throws IllegalArgumentException a sentence when there is no such commit
    Build.Commit commit(String revision) throws InterruptedException {
        Optional<String> hash;
        try {
            hash = SourceCommit.resolve(checkout, revision);
        } catch (IOException e) {
            throw new IllegalArgumentException("commit " + revision + " can't be looked up: git can't be run", e);
        }
        String found = hash.orElseThrow(() -> new IllegalArgumentException("there is no commit '" + revision + "' in "
                + checkout + ": give a hash, a branch or a tag that git log shows there"));
        return new Build.Commit(found, cache.resolve(found).resolve(JAR));
    }

    /// Builds a commit unless that was done before.
    ///
    /// @return a sentence for the person who waits; empty when it was there
    static Optional<String> waitFor(Build build) {
        return build instanceof Build.Commit(String hash, Path jar) && !Files.exists(jar)
                ? Optional.of("building commit " + hash.substring(0, 12) + " (a minute or two, once)")
                : Optional.empty();
    }

    /// @param children starts what builds, so that the end of the run ends it
    /// @throws IOException a sentence with the last lines of the build when it fails
    void make(Build.Commit commit, Children children) throws IOException, InterruptedException {
        Path directory = cache.resolve(commit.hash());
        Files.createDirectories(directory);
        try (FileChannel lock = FileChannel.open(
                        cache.resolve(commit.hash() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lock.lock()) {
            Path built = directory.resolve("built");
            if (Files.exists(built) && Files.exists(commit.jar())) {
                return;
            }
            // A program and its arguments, never a line with a name from outside in it.
            run(
                    children,
                    "git archive of " + commit.hash(),
                    List.of(
                            "sh",
                            "-c",
                            "git -C \"$1\" archive \"$2\" | tar -x -C \"$3\"",
                            "sh",
                            checkout.toString(),
                            commit.hash(),
                            directory.toString()));
            run(
                    children,
                    "build of commit " + commit.hash(),
                    List.of(directory.resolve("ringside").toString(), "--version"));
            if (!Files.exists(commit.jar())) {
                throw new IOException("commit " + commit.hash() + " was built, but made no " + JAR
                        + ": its layout is another; build it by hand and give its jar (jar:PATH)");
            }
            Files.writeString(built, "");
        }
    }

    private static void run(Children children, String label, List<String> command)
            throws IOException, InterruptedException {
        try (Child child = children.start(label, command, CpuSet.of())) {
            int exitCode = child.awaitExit(BUILD_MAX);
            if (exitCode != 0) {
                throw new IOException("the " + label + " failed with exit code " + exitCode + child.tail());
            }
        } catch (TrialFailure e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
