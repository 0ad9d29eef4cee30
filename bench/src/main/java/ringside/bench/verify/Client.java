package ringside.bench.verify;

import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client with moods: what it does in a round is drawn from the seed, its number and the round's, so that a
/// round can be named. One thread runs it.
///
/// A connection is kept from round to round unless its mood was to end it.
final class Client implements Runnable {

    /// What a round can be.
    enum Mood {
        /// Whole answers one after the other.
        STRAIGHT(8),
        /// Many requests at once.
        PIPELINE(5),
        /// Leaves in the middle of an answer.
        ABORT(3),
        /// Has a small buffer, and stops reading for a while.
        STALL(2),
        /// Reads little pieces.
        TRICKLE(1),
        /// Leaves in the middle of a request.
        HALF(1);

        private static final int WEIGHTS = 20;

        private final int weight;

        Mood(int weight) {
            this.weight = weight;
        }

        static Mood draw(SplittableRandom random) {
            int point = random.nextInt(WEIGHTS);
            for (Mood mood : values()) {
                point -= mood.weight;
                if (point < 0) {
                    return mood;
                }
            }
            return STRAIGHT;
        }
    }

    private static final long STALL_NANOS_MAX = 300_000_000;
    private static final int PIPELINED_MAX = 24;
    /// A client that has met so many findings has nothing new to tell.
    private static final int FINDINGS_MAX = 20;

    private final PairRun pair;
    private final int number;
    private @Nullable Wire wire;
    private long round;

    Client(PairRun pair, int number) {
        this.pair = pair;
        this.number = number;
    }

    @Override
    public void run() {
        int found = 0;
        while (!pair.stopping() && found < FINDINGS_MAX) {
            round++;
            SplittableRandom random =
                    new SplittableRandom(KnownBytes.mix(KnownBytes.mix(pair.seed() + 31L * number) + round));
            Mood mood = Mood.draw(random);
            List<Ask> asked = new ArrayList<>();
            try {
                round(mood, random, asked);
            } catch (Wire.Ended e) {
                hangUp();
                if (!String.valueOf(e.getMessage()).isEmpty()) {
                    found++;
                    pair.findings().add(e.kind(), e.getMessage() + " (" + where(mood, asked) + ")");
                    if (e.kind() == Finding.Kind.HANG) {
                        return;
                    }
                }
            } catch (BindException e) {
                hangUp();
                LockSupport.parkNanos(50_000_000); // all ports are in TIME_WAIT
            } catch (IOException e) {
                hangUp();
                found++;
                pair.findings().add(Finding.Kind.CUT, "no connection: " + e + " (" + where(mood, asked) + ")");
            }
        }
        hangUp();
    }

    private String where(Mood mood, List<Ask> asked) {
        String last = asked.isEmpty() ? "" : ", " + asked.getLast();
        return "connection " + number + ", round " + round + " " + mood + last;
    }

    /// @param asked gets what is asked for, so that its last is what the answer was to that is being read
    private void round(Mood mood, SplittableRandom random, List<Ask> asked) throws Wire.Ended, IOException {
        switch (mood) {
            case STRAIGHT -> {
                for (int i = 1 + random.nextInt(6); i > 0; i--) {
                    one(ask(random), AnswerCheck.Manner.STRAIGHT, asked);
                }
            }
            case PIPELINE -> pipeline(random, asked);
            case ABORT -> abort(random, asked);
            case STALL -> {
                fresh(smallBufferBytes(random));
                Ask ask = Ask.file(pair.largeFile(random), false);
                long stallAt = random.nextInt(200_000);
                one(ask, new AnswerCheck.Manner(stallAt, random.nextLong(STALL_NANOS_MAX), -1, 0), asked);
            }
            case TRICKLE -> {
                fresh(smallBufferBytes(random));
                pair.tally().trickles.increment();
                one(ask(random), new AnswerCheck.Manner(-1, 0, -1, 50 + random.nextInt(150)), asked);
            }
            case HALF -> half(random);
        }
    }

    private void one(Ask ask, AnswerCheck.Manner manner, List<Ask> asked) throws Wire.Ended, IOException {
        asked.add(ask);
        Wire current = wire();
        current.send(ask.text());
        boolean whole = new AnswerCheck(current, pair.tally()).answer(ask, manner);
        if (!whole) {
            throw new IllegalStateException("stopped without being told to");
        }
    }

    private void pipeline(SplittableRandom random, List<Ask> asked) throws Wire.Ended, IOException {
        List<Ask> burst = burst(random, 2 + random.nextInt(PIPELINED_MAX - 1));
        Wire current = wire();
        current.send(text(burst));
        AnswerCheck check = new AnswerCheck(current, pair.tally());
        boolean stalls = random.nextInt(4) == 0;
        for (Ask ask : burst) {
            asked.add(ask);
            long stallAt = stalls && random.nextInt(4) == 0 ? random.nextInt(100_000) : -1;
            check.answer(ask, new AnswerCheck.Manner(stallAt, random.nextLong(STALL_NANOS_MAX / 10), -1, 0));
            pair.tally().pipelined.increment();
        }
    }

    /// Leaves within the first answers, or before one has come; by a reset, or by a FIN, which becomes a reset
    /// when more comes.
    private void abort(SplittableRandom random, List<Ask> asked) throws Wire.Ended, IOException {
        if (random.nextBoolean()) {
            fresh(smallBufferBytes(random));
        }
        List<Ask> burst = burst(random, 1 + random.nextInt(4));
        burst.addFirst(Ask.file(pair.largeFile(random), false));
        Wire current = wire();
        current.send(text(burst));
        AnswerCheck check = new AnswerCheck(current, pair.tally());
        int answers = random.nextInt(burst.size() + 1);
        long stopAt = random.nextInt(4) == 0 ? 0 : random.nextInt(400_000);
        for (int i = 0; i < answers; i++) {
            asked.add(burst.get(i));
            boolean last = i == answers - 1;
            if (!check.answer(burst.get(i), last ? AnswerCheck.Manner.stopAt(stopAt) : AnswerCheck.Manner.STRAIGHT)) {
                break;
            }
        }
        if (random.nextBoolean()) {
            LockSupport.parkNanos(random.nextLong(5_000_000));
        }
        wire = null;
        pair.tally().aborts.increment();
        if (random.nextBoolean()) {
            current.reset();
        } else {
            current.close();
        }
    }

    private void half(SplittableRandom random) throws Wire.Ended, IOException {
        Wire current = wire();
        String text = ask(random).text();
        current.send(text.substring(0, 1 + random.nextInt(text.length() - 2)));
        if (random.nextBoolean()) {
            LockSupport.parkNanos(random.nextLong(20_000_000));
        }
        wire = null;
        pair.tally().halves.increment();
        current.close();
    }

    private List<Ask> burst(SplittableRandom random, int count) {
        List<Ask> burst = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            burst.add(ask(random));
        }
        return burst;
    }

    private static String text(List<Ask> burst) {
        StringBuilder text = new StringBuilder();
        burst.forEach(ask -> text.append(ask.text()));
        return text.toString();
    }

    private Ask ask(SplittableRandom random) {
        boolean headOnly = random.nextInt(6) == 0;
        return random.nextInt(12) == 0 ? Ask.absent(headOnly) : Ask.file(pair.file(random), headOnly);
    }

    private Wire wire() throws IOException {
        Wire current = wire;
        return current == null ? fresh(0) : current;
    }

    private Wire fresh(int receiveBufferBytes) throws IOException {
        hangUp();
        Wire opened = new Wire(pair.port(), receiveBufferBytes, pair.patience());
        wire = opened;
        return opened;
    }

    /// Seldom the least: below the segment size of the loopback interface TCP spends its time probing for a window.
    private static int smallBufferBytes(SplittableRandom random) {
        return random.nextInt(6) == 0 ? 4 << 10 : (48 << 10) + random.nextInt(80 << 10);
    }

    private void hangUp() {
        Wire current = wire;
        wire = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                return; // gone is gone
            }
        }
    }
}
