package ringside.bench.trial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.bench.ledger.ServerCounts;
import ringside.bench.peer.Peer;
import ringside.bench.peer.PeerSettings;
import ringside.linux.CpuSet;
import ringside.linux.Reading;

/// A contender's server that answers on a port of 127.0.0.1. Closing kills it; [#drain()] asks it to end first.
public final class RunningServer implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(20);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS_MAX = 200;
    private static final int POLL_MILLIS = 2;
    private static final int PORT_ATTEMPTS_MAX = 3;
    private static final Pattern LISTENING = Pattern.compile("listening on http://[^ ]*:([0-9]{1,5})/?\\s*");

    private final Child child;
    private final int port;
    private final boolean counts;

    private RunningServer(Child child, int port, boolean counts) {
        this.child = child;
        this.port = port;
        this.counts = counts;
    }

    /// How a server of ours is started.
    ///
    /// @param counts whether it is going to be asked for [#counts()]
    /// @param keepsFiles whether it keeps files open between requests. Not in a cold trial, where each file is
    ///     asked for once: a warm-up of few files that stay open would leave their opening to be compiled
    ///     in the window
    public record Mode(boolean counts, boolean keepsFiles) {}

    /// Starts our server and waits until it says its port.
    ///
    /// @throws TrialFailure when it doesn't get there; what it wrote to its standard error is in the message
    public static RunningServer ours(
            Children children, Launcher launcher, Contender.Ours ours, Path root, CpuSet cpus, Mode mode)
            throws TrialFailure, IOException, InterruptedException {
        List<String> arguments =
                arguments(root, ours.argument(), ours.transport().id(), mode);
        return ringside(children, launcher.command(arguments), cpus, mode.counts);
    }

    /// Starts another build of ours, or ours with other flags of the JVM; as [#ours].
    ///
    /// @param mode a build of another time isn't asked for counts, since it may not know how to count
    static RunningServer built(
            Children children, Launcher launcher, Contender.Built built, Path root, CpuSet cpus, Mode mode)
            throws TrialFailure, IOException, InterruptedException {
        boolean counting = mode.counts && built.build() instanceof Build.Own;
        List<String> arguments =
                arguments(root, built.engine(), built.transport(), new Mode(counting, mode.keepsFiles));
        return ringside(children, launcher.command(built.build(), built.jvmFlags(), arguments), cpus, counting);
    }

    private static List<String> arguments(Path root, String engine, String transport, Mode mode) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                root.toString(),
                "--engine",
                engine,
                "--transport",
                transport,
                "--port",
                "0",
                "--threads",
                "1"));
        if (mode.counts) {
            arguments.add("--counts");
        }
        if (!mode.keepsFiles) {
            arguments.addAll(List.of("--cache-entries", "1"));
        }
        return List.copyOf(arguments);
    }

    private static RunningServer ringside(Children children, List<String> command, CpuSet cpus, boolean counts)
            throws TrialFailure, IOException, InterruptedException {
        Child child =
                counts ? children.startListening("server", command, cpus) : children.start("server", command, cpus);
        try {
            return new RunningServer(child, awaitPort(child), counts);
        } catch (TrialFailure | InterruptedException | RuntimeException e) {
            child.kill();
            throw e;
        }
    }

    /// Starts a peer on a free port and waits until that accepts.
    ///
    /// @param workDirectory for its configuration and temporary files; must exist and be empty
    /// @throws TrialFailure as for ours
    static RunningServer peer(
            Children children, Contender.Theirs theirs, Path root, Path workDirectory, int connections, CpuSet cpus)
            throws TrialFailure, IOException, InterruptedException {
        Peer peer = theirs.peer();
        return onFreePort(children, peer.name(), cpus, port -> {
            PeerSettings settings = peerSettings(root, workDirectory, port, connections);
            Path configuration = workDirectory.resolve(peer.program() + ".conf");
            Files.writeString(configuration, peer.configuration(settings));
            List<String> command = new ArrayList<>();
            command.add(theirs.program().toString());
            command.addAll(peer.arguments(configuration, settings));
            return command;
        });
    }

    /// Starts whatever a command starts, and waits until its port accepts. It has to stay in the foreground: when the
    /// command ends, its server has ended.
    ///
    /// @throws TrialFailure as for ours
    static RunningServer started(Children children, Contender.Started started, Path root, int connections, CpuSet cpus)
            throws TrialFailure, IOException, InterruptedException {
        return onFreePort(
                children,
                started.name(),
                cpus,
                port -> List.of(
                        "sh",
                        "-c",
                        started.command()
                                .replace("{port}", Integer.toString(port))
                                .replace("{connections}", Integer.toString(connections))
                                .replace("{root}", quoted(root.toString()))));
    }

    /// As sh(1) reads it back.
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9/._-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    @FunctionalInterface
    private interface CommandOnPort {
        List<String> of(int port) throws TrialFailure, IOException;
    }

    private static RunningServer onFreePort(Children children, String label, CpuSet cpus, CommandOnPort command)
            throws TrialFailure, IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            // Another process may take the port between this look and the server's bind: then it is tried again.
            int port = freePort();
            Child child = children.start(label, command.of(port), cpus);
            try {
                awaitAccept(child, port);
                return new RunningServer(child, port, false);
            } catch (TrialFailure e) {
                boolean ended = !child.isAlive();
                child.kill();
                if (!ended || attempt == PORT_ATTEMPTS_MAX) {
                    throw e;
                }
            } catch (InterruptedException | RuntimeException e) {
                child.kill();
                throw e;
            }
        }
    }

    /// The id of its process.
    public long pid() {
        return child.pid();
    }

    /// `http://127.0.0.1:PORT`
    public String base() {
        return "http://127.0.0.1:" + port;
    }

    /// What our server has counted since its start. Waits for the answer.
    ///
    /// @return unmeasurable for a peer, and for a server that wasn't started to be asked, or doesn't answer
    public Reading<ServerCounts> counts() {
        if (!counts) {
            return new Reading.Unmeasurable<>("the " + child.label() + " isn't asked for what it counts");
        }
        try {
            child.say("counts");
            Optional<ServerCounts> answer = Optional.empty();
            while (answer.isEmpty()) {
                Optional<Child.Line> line = child.nextLine(ANSWER_MAX, "counts");
                if (line.isEmpty()) {
                    return new Reading.Unmeasurable<>("the server ended before it said what it has counted");
                }
                answer = CountsLine.parse(line.get().text());
            }
            return new Reading.Measured<>(answer.get());
        } catch (TrialFailure e) {
            return new Reading.Unmeasurable<>("the server doesn't say what it has counted: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reading.Unmeasurable<>("nobody waited for what the server has counted");
        }
    }

    /// Whether it was started to be asked for its [#counts()].
    boolean isAsked() {
        return counts;
    }

    boolean isAlive() {
        return child.isAlive();
    }

    TrialFailure diedEarly(String when) throws InterruptedException {
        return child.diedEarly(when);
    }

    /// Ends it as a service manager would.
    ///
    /// @return a sentence when it had to be killed
    public Optional<String> drain() throws InterruptedException {
        return child.terminate()
                ? Optional.empty()
                : Optional.of("the " + child.label() + " didn't end on SIGTERM and was killed");
    }

    @Override
    public void close() {
        child.kill();
    }

    /// @return the port of a line such as `listening on http://127.0.0.1:8080`, if it is one
    static Optional<Integer> port(String line) {
        Matcher matcher = LISTENING.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(1));
        return port >= 1 && port <= 65_535 ? Optional.of(port) : Optional.empty();
    }

    private static int awaitPort(Child child) throws TrialFailure, InterruptedException {
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            Optional<Child.Line> line = child.nextLine(left, "listening on http://127.0.0.1:PORT");
            if (line.isEmpty()) {
                throw child.diedEarly("before it was ready");
            }
            Optional<Integer> port = port(line.get().text());
            if (port.isPresent()) {
                return port.get();
            }
        }
    }

    private static void awaitAccept(Child child, int port) throws TrialFailure, InterruptedException {
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        while (System.nanoTime() < deadlineNanos) {
            if (!child.isAlive()) {
                throw child.diedEarly("before it was ready");
            }
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS_MAX);
                return;
            } catch (IOException notYet) {
                Thread.sleep(POLL_MILLIS);
            }
        }
        throw new TrialFailure(child.label() + " doesn't accept on port " + port + " within " + READY_MAX.toSeconds()
                + " s" + child.tail());
    }

    private static PeerSettings peerSettings(Path root, Path workDirectory, int port, int connections)
            throws TrialFailure {
        try {
            return new PeerSettings(root, workDirectory, port, connections);
        } catch (IllegalArgumentException e) {
            throw new TrialFailure(String.valueOf(e.getMessage()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
