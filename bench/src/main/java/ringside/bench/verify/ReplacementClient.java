package ringside.bench.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A client of a [ReplacedSite]: asks one thing or a dozen at once, and holds each answer against the webroot that its
/// entity tag names. What it gets never goes back to an older version. One thread runs it.
final class ReplacementClient implements Runnable {

    private static final int BURST_MAX = 12;
    private static final long STALL_NANOS_MAX = 20_000_000;

    private final ReplacementRun run;
    private final int number;
    private final SplittableRandom random;
    private int version;

    ReplacementClient(ReplacementRun run, int number, long seed) {
        this.run = run;
        this.number = number;
        this.random = new SplittableRandom(KnownBytes.mix(seed + 31L * number));
    }

    /// Until the run stops. Every connection has to hold all along: a failure ends the client.
    @Override
    public void run() {
        try (Wire wire = new Wire(run.port(), random.nextInt(8) == 0 ? 48 << 10 : 0, run.patience())) {
            while (!run.stopping()) {
                round(wire);
            }
        } catch (Wire.Ended e) {
            run.findings().add(e.kind(), e.getMessage() + " (connection " + number + ")");
        } catch (IOException e) {
            run.findings().add(Finding.Kind.CUT, "no connection: " + e + " (connection " + number + ")");
        }
    }

    private void round(Wire wire) throws Wire.Ended {
        List<String> paths = new ArrayList<>();
        int burst = random.nextInt(4) == 0 ? 1 + random.nextInt(BURST_MAX) : 1;
        boolean headOnly = random.nextInt(8) == 0;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < burst; i++) {
            String path = run.site()
                    .urlPaths()
                    .get(random.nextInt(run.site().urlPaths().size()));
            paths.add(path);
            requests.append(request(path, headOnly));
        }
        wire.send(requests.toString());
        for (String path : paths) {
            if (random.nextInt(50) == 0) {
                run.tally().stalls.increment();
                LockSupport.parkNanos(random.nextLong(STALL_NANOS_MAX));
            }
            int now = answer(wire, path, headOnly);
            if (burst > 1) {
                run.tally().pipelined.increment();
            }
            if (now < version) {
                throw new Wire.Ended(Finding.Kind.WRONG, "version " + now + " of " + path + " after " + version);
            }
            version = now;
        }
    }

    /// Asks for one file.
    ///
    /// @return the version that it is of
    int ask(Wire wire, String path) throws Wire.Ended {
        wire.send(request(path, false));
        return answer(wire, path, false);
    }

    private static String request(String path, boolean headOnly) {
        return (headOnly ? "HEAD " : "GET ") + path + " HTTP/1.1\r\nHost: " + ReplacedSite.HOST + "\r\n\r\n";
    }

    private int answer(Wire wire, String path, boolean headOnly) throws Wire.Ended {
        Wire.Head head = wire.head();
        ReplacedSite.Stored stored = run.site().ofTag(head.entityTag());
        if (head.status() != 200 || stored == null || head.closes()) {
            throw new Wire.Ended(
                    Finding.Kind.WRONG,
                    "status " + head.status() + ", ETag " + head.entityTag() + (head.closes() ? ", close" : "")
                            + " for " + path);
        }
        if (!stored.urlPath().equals(path) || stored.lengthBytes() != head.contentLength()) {
            throw new Wire.Ended(
                    Finding.Kind.WRONG,
                    "a head of " + head.contentLength() + " bytes with the tag of " + stored + " for " + path);
        }
        for (long done = 0; !headOnly && done < stored.lengthBytes(); ) {
            int count = wire.available(stored.lengthBytes() - done);
            if (count == 0) {
                throw new Wire.Ended(
                        Finding.Kind.CUT,
                        "the connection ends, by " + wire.ending() + ", after " + done + " bytes of " + stored);
            }
            if (stored.bytes().mismatch(wire.buffer(), wire.from(), wire.from() + count, done) >= 0) {
                throw new Wire.Ended(
                        Finding.Kind.WRONG, "within " + count + " bytes from " + done + " on: not those of " + stored);
            }
            wire.take(count);
            run.tally().bytes.add(count);
            done += count;
        }
        run.tally().responses.increment();
        return stored.version();
    }
}
