package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script `./ringside`, copied into a checkout whose path has a blank and a pattern character, with a JDK
/// and a Maven of a few lines that write down how they were called. The real jar doesn't exist yet when tests run.
@Timeout(60)
class LauncherTest {

    private static final Path SCRIPT =
            Path.of("..", "ringside").toAbsolutePath().normalize();

    /// A JVM that writes down its arguments, one per line. It records an AOT cache as told, and stays for as long as
    /// there is a file `stay` beside it.
    private static final String JAVA = """
        #!/bin/sh
        here=${0%/*}
        for word in "$@"; do
            case $word in
                -XX:AOTCacheOutput=*)
                    echo recording >>"$here/recordings"
                    [ -e "$here/fail" ] && exit 1
                    echo cache >"${word#*=}"
                    exit 0 ;;
            esac
        done
        printf '%s\\n' "$@" >"$here/arguments"
        echo started
        while [ -e "$here/stay" ]; do sleep 0.05; done
        """;

    /// A Maven that makes a jar, or fails when there is a file `fail` beside it.
    private static final String MAVEN = """
        #!/bin/sh
        here=${0%/*}
        echo "$JAVA25_HOME" >>"$here/builds"
        if [ -e "$here/fail" ]; then
            echo "[ERROR] /src/main/java/A.java:[1,1] it doesn't compile"
            exit 1
        fi
        if [ -e "$here/edit" ]; then sleep 0.02; touch linux/src/main/A.java; fi
        echo jar >cli/target/ringside.jar
        """;

    @TempDir
    private Path directory = Path.of("");

    private Path home = Path.of("");
    private Path jdk = Path.of("");
    private Path programs = Path.of("");

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        home = Files.createDirectories(directory.resolve("a check * out"));
        jdk = directory.resolve("a jdk");
        programs = Files.createDirectories(directory.resolve("programs"));
        program(home.resolve("ringside"), Files.readString(SCRIPT));
        program(jdk.resolve("bin/java"), JAVA);
        program(programs.resolve("mvn"), MAVEN);
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Path source = home.resolve("linux/src/main/A.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class A {}");
        Files.writeString(home.resolve("linux/pom.xml"), "<project/>");
        Files.writeString(home.resolve("pom.xml"), "<project/>");
    }

    @Test
    void theRealOneFindsAJdkThroughALinkFromElsewhere() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), SCRIPT);
        Map<String, String> environment = Map.of("RINGSIDE_JAVA_HOME", System.getProperty("java.home"));
        assertEquals(new Ended(0, "", ""), run(link, environment, "--check-jdk"));
        assertEquals(
                System.getProperty("java.home"),
                run(link, environment, "--find-jdk").out().strip());
    }

    @Test
    void aJdkThatIsNoneIsNamed() throws IOException, InterruptedException {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
        Ended ended = run(home.resolve("ringside"), Map.of("RINGSIDE_JAVA_HOME", jdk.toString()), "engines");
        assertEquals(69, ended.exitCode());
        assertTrue(ended.err().contains("RINGSIDE_JAVA_HOME=" + jdk + " is not a JDK 25"), ended::err);
    }

    @Test
    void buildsOnceAndPassesArgumentsAsTheyAre() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), directory.relativize(home).resolve("ringside"));
        Ended first = run(link, Map.of(), "load", "a b", "*", "");
        assertEquals(0, first.exitCode(), first::toString);
        assertTrue(first.err().contains("building"), first::err);
        List<String> arguments = Files.readAllLines(jdk.resolve("bin/arguments"));
        int jar = arguments.indexOf("-jar");
        assertEquals(
                List.of(home.resolve("cli/target/ringside.jar").toString(), "load", "a b", "*", ""),
                arguments.subList(jar + 1, arguments.size()));
        assertTrue(arguments.contains("-Dringside.home=" + home), arguments::toString);
        assertTrue(arguments.contains("-XX:+UseSerialGC"), arguments::toString);
        assertTrue(arguments.getFirst().startsWith("-X"), arguments::toString);
        assertEquals("", run(link, Map.of(), "engines").err());
        assertEquals(List.of(jdk.toString()), Files.readAllLines(programs.resolve("builds")));
        assertEquals(1, Files.readAllLines(jdk.resolve("bin/recordings")).size());
    }

    @Test
    void aCollectorOfTheUserReplacesOurs() throws IOException, InterruptedException {
        Ended ended = start("-XX:+UseG1GC  -Da=*");
        assertEquals(0, ended.exitCode(), ended::toString);
        List<String> arguments = Files.readAllLines(jdk.resolve("bin/arguments"));
        assertTrue(arguments.contains("-XX:+UseG1GC") && arguments.contains("-Da=*"), arguments::toString);
        assertFalse(arguments.contains("-XX:+UseSerialGC"), arguments::toString);
    }

    @Test
    void theAotCacheBelongsToTheJdkAndTheJar() throws IOException, InterruptedException {
        start("");
        assertEquals(1, recordings());
        start("");
        assertEquals(1, recordings(), "it is there");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"26\"\n");
        start("");
        assertEquals(2, recordings(), "another JDK");
        touch(home.resolve("cli/target/ringside.jar"));
        start("");
        assertEquals(3, recordings(), "another jar");
    }

    @Test
    void aCacheThatCanNotBeRecordedIsNotTriedAgain() throws IOException, InterruptedException {
        Files.createFile(jdk.resolve("bin/fail"));
        assertEquals(0, start("").exitCode());
        assertEquals(0, start("").exitCode());
        assertEquals(1, recordings());
        assertFalse(Files.readString(jdk.resolve("bin/arguments")).contains("AOTCache"));
    }

    @Test
    void aFailedBuildIsQuotedAndTriedAgain() throws IOException, InterruptedException {
        Path fail = Files.createFile(programs.resolve("fail"));
        Ended failed = start("");
        assertEquals(69, failed.exitCode());
        assertTrue(failed.err().contains("A.java:[1,1] it doesn't compile"), failed::err);
        assertTrue(failed.err().contains("build.log"), failed::err);
        Files.delete(fail);
        assertEquals(0, start("").exitCode());
    }

    @Test
    void whatIsEditedDuringABuildIsBuiltNextTime() throws IOException, InterruptedException {
        Path edit = Files.createFile(programs.resolve("edit"));
        start("");
        Files.delete(edit);
        start("");
        start("");
        assertEquals(2, Files.readAllLines(programs.resolve("builds")).size());
    }

    @Test
    void aRunningRingsideKeepsItsJars() throws IOException, InterruptedException {
        start("");
        Path stay = Files.createFile(jdk.resolve("bin/stay"));
        Process running =
                process(home.resolve("ringside"), environment(""), "serve").start();
        try {
            assertEquals("started", running.inputReader(StandardCharsets.UTF_8).readLine());
            touch(home.resolve("linux/src/main/A.java"));
            Files.delete(jdk.resolve("bin/arguments"));
            Process second = process(home.resolve("ringside"), environment(""), "engines")
                    .start();
            assertEquals("started", second.inputReader(StandardCharsets.UTF_8).readLine());
            Files.delete(stay);
            Ended ended = end(second);
            assertEquals(0, ended.exitCode(), ended::toString);
            assertTrue(ended.err().contains("using the build that is there"), ended::err);
            assertTrue(running.waitFor(10, TimeUnit.SECONDS));
        } finally {
            Files.deleteIfExists(stay);
            running.destroyForcibly();
        }
        assertEquals(1, Files.readAllLines(programs.resolve("builds")).size());
        assertTrue(start("").err().contains("building"));
    }

    private int recordings() throws IOException {
        return Files.readAllLines(jdk.resolve("bin/recordings")).size();
    }

    private Ended start(String options) throws IOException, InterruptedException {
        return run(home.resolve("ringside"), environment(options), "engines");
    }

    private Map<String, String> environment(String options) {
        return options.isEmpty() ? Map.of() : Map.of("RINGSIDE_JAVA_OPTS", options);
    }

    private Ended run(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return end(process(script, environment, arguments).start());
    }

    /// The output is a few lines: it fits into the pipes.
    private static Ended end(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the launcher hangs");
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private ProcessBuilder process(Path script, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Map<String, String> all = new HashMap<>(Map.of("RINGSIDE_JAVA_HOME", jdk.toString()));
        all.putAll(environment);
        builder.environment().remove("RINGSIDE_JAVA_OPTS");
        builder.environment().putAll(all);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        return builder;
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Later than anything that was written before, whatever the clock's ticks.
    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }
}
