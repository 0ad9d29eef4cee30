package ringside.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.peer.Peer;
import ringside.bench.peer.Peers;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
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
record Contenders(List<Contender> running, List<Asker> askers, List<Run.Skipped> skipped) {

    Contenders {
        running = List.copyOf(running);
        askers = List.copyOf(askers);
        skipped = List.copyOf(skipped);
    }

    static Contenders of(BenchPlan plan, Kernel kernel) {
        List<Contender> running = new ArrayList<>();
        List<Run.Skipped> skipped = new ArrayList<>();
        for (ChosenEngine engine : plan.engines()) {
            for (Transport transport : plan.transports().isEmpty() ? suited(engine.name()) : plan.transports()) {
                Contender.Ours ours = new Contender.Ours(engine, transport);
                switch (ours.engine().engine().probe(kernel, ours.transport())) {
                    case Availability.Available _ -> running.add(ours);
                    case Availability.Unavailable(String reason, String remedy) ->
                        skipped.add(new Run.Skipped(ours.side(Asker.RINGSIDE).label(), reason, remedy));
                }
            }
        }
        for (Peer peer : plan.peers()) {
            Optional<Path> program = Peers.find(peer.program());
            if (program.isPresent()) {
                running.add(new Contender.Theirs(peer, program.get()));
            } else {
                skipped.add(new Run.Skipped(
                        peer.name(),
                        "no program " + peer.program() + " on this machine",
                        "Install it with: apt-get install " + peer.aptPackage()));
            }
        }
        List<Asker> askers = new ArrayList<>();
        for (Asker asker : plan.askers()) {
            Optional<Run.Skipped> why = asker == Asker.WRK ? wrkSkipped(plan) : Optional.empty();
            why.ifPresentOrElse(skipped::add, () -> askers.add(asker));
        }
        return new Contenders(running, askers, skipped);
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
        if (plan.load() instanceof Load.Open) {
            return Optional.of(
                    new Run.Skipped("by wrk", "wrk has no rate: it only knows the closed loop", "Leave out --rate."));
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
    /// others on epoll; `blocking`, the engine that others are held against, on both, so that what the
    /// transport does can be told from what the engine does.
    static List<Transport> suited(String engine) {
        if (engine.startsWith("uring")) {
            return List.of(Transport.IO_URING);
        }
        return engine.equals("blocking") ? List.of(Transport.EPOLL, Transport.IO_URING) : List.of(Transport.EPOLL);
    }
}
