package ringside.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.peer.Peer;
import ringside.bench.peer.Peers;
import ringside.bench.result.Run;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;

/// Who can take part on this machine, and who can't and why: a pair that can't run is listed, never replaced.
///
/// @param running in the order of the plan
/// @param skipped with reason and remedy
record Contenders(List<Contender> running, List<Run.Skipped> skipped) {

    Contenders {
        running = List.copyOf(running);
        skipped = List.copyOf(skipped);
    }

    static Contenders of(BenchPlan plan, Kernel kernel) {
        List<Contender> running = new ArrayList<>();
        List<Run.Skipped> skipped = new ArrayList<>();
        for (ChosenEngine engine : plan.engines()) {
            for (Transport transport : plan.transports().isEmpty() ? suited(engine.name()) : plan.transports()) {
                Contender.Ours ours = new Contender.Ours(engine, transport);
                switch (probe(ours, kernel)) {
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
        return new Contenders(running, skipped);
    }

    /// Where an engine runs when nobody says: a ring engine on the transport that lends it the loop's ring, the others
    /// on epoll; `blocking`, the engine that others are held against, on both, so that what the transport does can be told
    /// from what the engine does.
    static List<Transport> suited(String engine) {
        if (engine.startsWith("uring")) {
            return List.of(Transport.IO_URING);
        }
        return engine.equals("blocking") ? List.of(Transport.EPOLL, Transport.IO_URING) : List.of(Transport.EPOLL);
    }

    private static Availability probe(Contender.Ours ours, Kernel kernel) {
        Availability transport = ours.transport().probe();
        return transport.isAvailable() ? ours.engine().engine().probe(kernel, ours.transport()) : transport;
    }
}
