package ringside.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.bench.peer.Peer;
import ringside.bench.peer.Peers;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.SideSpec;
import ringside.bench.result.Run;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Build;
import ringside.bench.trial.Contender;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;

/// Who can take part on this machine, and who can't and why: a pair that can't run is listed, never replaced.
///
/// @param running in the order of the plan
/// @param askers that can ask what the plan wants to be asked
/// @param skipped with reason and remedy
/// @param baseline what the others are held against, one of `running`; empty when nobody is running
/// @param withControl whether the baseline runs once more, as the A/A arm
record Contenders(
        List<Contender> running,
        List<Asker> askers,
        List<Run.Skipped> skipped,
        Optional<Contender> baseline,
        boolean withControl) {

    /// A server and who asks it.
    record Entrant(Contender contender, Asker asker) {
        String label() {
            return contender.side(asker).label();
        }
    }

    Contenders {
        running = List.copyOf(running);
        askers = List.copyOf(askers);
        skipped = List.copyOf(skipped);
    }

    static Contenders of(BenchPlan plan, Kernel kernel, Builds builds) throws InterruptedException {
        List<Contender> running = new ArrayList<>();
        List<Run.Skipped> skipped = new ArrayList<>();
        for (ChosenEngine engine : plan.engines()) {
            for (Transport transport : transports(plan, engine)) {
                Contender.Ours ours = new Contender.Ours(engine, transport);
                switch (ours.engine().engine().probe(kernel, ours.transport())) {
                    case Availability.Available _ -> running.add(ours);
                    case Availability.Unavailable(String reason, String remedy) ->
                        skipped.add(new Run.Skipped(ours.side(Asker.RINGSIDE).label(), reason, remedy));
                }
            }
        }
        for (SideSpec side : plan.sides()) {
            addSide(side, kernel, builds, running, skipped);
        }
        for (Peer peer : plan.peers()) {
            addPeer(peer.name(), peer, running, skipped);
        }
        requireDistinct(running);
        List<Asker> askers = new ArrayList<>();
        for (Asker asker : plan.askers()) {
            Optional<Run.Skipped> why = asker == Asker.WRK ? wrkSkipped(plan) : Optional.empty();
            why.ifPresentOrElse(skipped::add, () -> askers.add(asker));
        }
        return new Contenders(running, askers, skipped, baseline(plan, running, skipped), plan.control());
    }

    /// Where a planned engine runs. Beside peers `sendfile` runs on both loops: the peers have epoll, and which loop is
    /// cheaper depends on the size (kernel-notes/large-bodies.md).
    private static List<Transport> transports(BenchPlan plan, ChosenEngine engine) {
        if (!plan.transports().isEmpty()) {
            return plan.transports();
        }
        return !plan.peers().isEmpty() && engine.name().equals("sendfile")
                ? List.of(Transport.EPOLL, Transport.IO_URING)
                : List.of(suited(engine.name()));
    }

    private static void addSide(
            SideSpec side, Kernel kernel, Builds builds, List<Contender> running, List<Run.Skipped> skipped)
            throws InterruptedException {
        Optional<String> peer = side.value(SideSpec.Key.PEER);
        if (peer.isPresent()) {
            addPeer(side.name(), Peers.byName(peer.get()), running, skipped);
            return;
        }
        Optional<String> command = side.value(SideSpec.Key.COMMAND);
        if (command.isPresent()) {
            running.add(new Contender.Started(side.name(), command.get()));
            return;
        }
        String engine = side.value(SideSpec.Key.ENGINE).orElse(SideSpec.ENGINE_USUAL);
        String transport = side.value(SideSpec.Key.TRANSPORT)
                .orElseGet(() -> suited(engine).id());
        Optional<String> jar = side.value(SideSpec.Key.JAR);
        Optional<String> commit = side.value(SideSpec.Key.COMMIT);
        Build build = jar.isPresent()
                ? Builds.jar(Path.of(jar.get()))
                : commit.isPresent() ? builds.commit(commit.get()) : new Build.Own();
        Contender.Built built = new Contender.Built(side.name(), build, engine, transport, side.jvmFlags());
        if (build instanceof Build.Own
                && ChosenEngine.parse(engine).engine().probe(kernel, Transport.byId(transport))
                        instanceof Availability.Unavailable(String reason, String remedy)) {
            skipped.add(new Run.Skipped(side.name(), reason, remedy));
        } else {
            running.add(built);
        }
    }

    private static void addPeer(String name, Peer peer, List<Contender> running, List<Run.Skipped> skipped) {
        Optional<Path> program = Peers.find(peer.program());
        if (program.isEmpty()) {
            skipped.add(new Run.Skipped(
                    name,
                    "no program " + peer.program() + " on this machine",
                    "Install it with: apt-get install " + peer.aptPackage()));
            return;
        }
        Contender.Theirs theirs = new Contender.Theirs(peer, program.get());
        running.add(name.equals(peer.name()) ? theirs : new Contender.Renamed(name, theirs));
    }

    private static void requireDistinct(List<Contender> running) {
        Set<String> labels = new HashSet<>();
        for (Contender contender : running) {
            if (!labels.add(label(contender))) {
                throw new IllegalArgumentException(
                        "two sides are called " + label(contender) + ": give one of them another name (--side NAME=…)");
            }
        }
    }

    /// Whether servers of several builds or JVM flags stand side by side.
    boolean hasForeignServers() {
        return running.stream()
                .anyMatch(contender -> contender instanceof Contender.Built built
                        && !(built.build() instanceof Build.Own
                                && built.jvmFlags().isEmpty()));
    }

    /// The side that the plan names; else the first peer, which is who one asks about; else the first that is listed,
    /// but not `memory` where there is another: it reads no file, so that nothing is an improvement on it.
    private static Optional<Contender> baseline(BenchPlan plan, List<Contender> running, List<Run.Skipped> skipped) {
        if (plan.baseline().isEmpty()) {
            return running.stream()
                    .filter(contender -> contender instanceof Contender.Theirs)
                    .findFirst()
                    .or(() -> running.stream()
                            .filter(contender -> !isMemory(contender))
                            .findFirst())
                    .or(() -> running.stream().findFirst());
        }
        String wanted = plan.baseline().get();
        List<Contender> named = running.stream()
                .filter(contender -> answersTo(label(contender), wanted))
                .toList();
        if (named.size() == 1) {
            return Optional.of(named.getFirst());
        }
        for (Run.Skipped skip : skipped) {
            if (named.isEmpty() && answersTo(skip.label(), wanted)) {
                throw new UnsupportedOperationException(
                        "the baseline %s can't run here: %s. %s".formatted(skip.label(), skip.reason(), skip.remedy()));
            }
        }
        throw new IllegalArgumentException("--baseline %s names %s of the sides. They are: %s"
                .formatted(
                        wanted,
                        named.isEmpty() ? "none" : "several",
                        running.stream().map(Contenders::label).collect(Collectors.joining(", "))));
    }

    private static boolean isMemory(Contender contender) {
        return contender.side(Asker.RINGSIDE).engine().equals("memory");
    }

    /// By its whole label, or by what stands before the transport.
    private static boolean answersTo(String label, String wanted) {
        return label.equals(wanted) || label.startsWith(wanted + "/");
    }

    private static String label(Contender contender) {
        return contender.side(Asker.RINGSIDE).label();
    }

    /// Everybody by everybody who asks, and the A/A arm, asked by the first.
    List<Entrant> entrants() {
        List<Entrant> entrants = new ArrayList<>();
        for (Contender contender : running) {
            for (Asker asker : askers) {
                entrants.add(new Entrant(contender, asker));
            }
        }
        control().ifPresent(entrants::add);
        return entrants;
    }

    /// Empty when nobody can run.
    Optional<Entrant> baselineEntrant() {
        return askers.isEmpty() ? Optional.empty() : baseline.map(side -> new Entrant(side, askers.getFirst()));
    }

    /// Empty when nobody can run, or no A/A arm is wanted.
    Optional<Entrant> control() {
        return baselineEntrant()
                .filter(_ -> withControl)
                .map(entrant -> new Entrant(Contender.Renamed.twin(entrant.contender()), entrant.asker()));
    }

    /// @throws UnsupportedOperationException with the reasons, when nobody is left to serve or to ask
    void requireSomething() {
        if (running.isEmpty() || askers.isEmpty()) {
            StringBuilder why = new StringBuilder("nothing of this can run here:");
            for (Run.Skipped skip : skipped) {
                why.append("\n  %s: %s. %s".formatted(skip.label(), skip.reason(), skip.remedy()));
            }
            throw new UnsupportedOperationException(why.toString());
        }
    }

    private static Optional<Run.Skipped> wrkSkipped(BenchPlan plan) {
        if (Peers.find("wrk").isEmpty()) {
            return Optional.of(new Run.Skipped(
                    "by wrk", "no program wrk on this machine", "Install it with: apt-get install wrk"));
        }
        if (plan.hasOpenLoop()) {
            return Optional.of(
                    new Run.Skipped("by wrk", "wrk has no rate: it only knows the closed loop", "Leave out --rates."));
        }
        if (plan.caches().contains(Cache.COLD) || plan.root().isPresent()) {
            return Optional.of(new Run.Skipped(
                    "by wrk",
                    "wrk asks for one URL again and again",
                    "Use it with generated files and --cache hot only."));
        }
        return Optional.empty();
    }

    /// Where an engine runs when nobody says: a ring engine on the transport that lends it the loop's ring, the
    /// others on epoll. What the transport does is told from what the engine does by `--transports`.
    static Transport suited(String engine) {
        return engine.startsWith("uring") ? Transport.IO_URING : Transport.EPOLL;
    }
}
