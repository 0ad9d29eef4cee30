package ringside.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The registry of peers, and what this machine has of them.
public final class Peers {

    public static final List<Peer> ALL =
            List.of(new Nginx("nginx", true), new Nginx("nginx-read", false), new H2o(), new Lighttpd());

    private static final int VERSION_SECONDS_MAX = 5;

    private Peers() {}

    /// @throws IllegalArgumentException with a message for a person when there is no such peer
    public static Peer byName(String name) {
        return ALL.stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown peer '" + name + "'. Choose one of: "
                        + ALL.stream().map(Peer::name).collect(Collectors.joining(", "))));
    }

    /// Where a program is: in a directory of `PATH`, or where Debian puts servers, which an ordinary user's `PATH`
    /// leaves out.
    public static Optional<Path> find(String program) {
        List<String> directories = new ArrayList<>();
        String path = System.getenv("PATH");
        if (path != null) {
            directories.addAll(List.of(path.split(":", -1)));
        }
        directories.addAll(List.of("/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin"));
        return directories.stream()
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /// The sentence for a program that isn't there.
    public static String notInstalled(String name, String program, String aptPackage) {
        return name + " is skipped: no program " + program + " on this machine. Install it with: apt-get install "
                + aptPackage;
    }

    /// The first line that the program prints about its version, or the reason why there is none.
    ///
    /// @throws InterruptedException when the thread is interrupted while the program runs; it is killed then
    public static String version(Path program, List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(VERSION_SECONDS_MAX, TimeUnit.SECONDS)) {
                return "unknown: " + program + " doesn't answer to " + arguments;
            }
            String output = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
            return output.lines()
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("unknown")
                    .strip();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        } finally {
            process.destroyForcibly();
        }
    }
}
