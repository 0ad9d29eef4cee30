package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import ringside.linux.Errno;

/// Some dozens of requests for random ranges, pipelined, by fast and slow clients, of which some go away. Every
/// byte that comes back is looked at; an answer that doesn't come at all is an error of [RangeClient]'s timeout.
final class FaultTraffic {

    private static final int CLIENTS = 6;
    private static final int PIPELINED = 4;

    private record Range(long offset, long lengthBytes) {}

    private final PatternFile file;
    private final Random random;
    private final int bodyBytesMax;
    private final int rounds;

    FaultTraffic(PatternFile file, long seed, int bodyBytesMax, int rounds) {
        this.file = file;
        this.random = new Random(seed);
        this.bodyBytesMax = bodyBytesMax;
        this.rounds = rounds;
    }

    /// @param errors with which transfers may end; none: then every answer has to be whole
    /// @return how many answers there were of each kind
    Map<RangeClient.Answer, Integer> run(RangeServer server, Set<Integer> errors) throws Exception {
        Map<RangeClient.Answer, Integer> counts = new EnumMap<>(RangeClient.Answer.class);
        for (int round = 0; round < rounds; round++) {
            List<RangeClient> clients = new ArrayList<>();
            List<List<Range>> asked = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RangeClient client = i % 2 == 0 ? server.client() : server.slowClient();
                clients.add(client);
                asked.add(ask(client));
            }
            // One that leaves with all its requests under way.
            clients.removeLast().reset();
            for (int i = clients.size() - 1; i >= 0; i--) {
                try (RangeClient client = clients.get(i)) {
                    for (Range range : asked.get(i)) {
                        RangeClient.Answer answer = client.answer(file, range.offset, range.lengthBytes, errors);
                        counts.merge(answer, 1, Integer::sum);
                        if (answer == RangeClient.Answer.CUT) {
                            break;
                        }
                    }
                }
            }
        }
        assertTrue(
                !errors.isEmpty()
                        || counts.equals(Map.of(RangeClient.Answer.WHOLE, rounds * (CLIENTS - 1) * PIPELINED)),
                "every fault can be overcome, but " + counts);
        Set<Integer> statuses = new HashSet<>(server.awaitStatuses(1));
        statuses.removeAll(errors);
        statuses.removeAll(
                Set.of(Transfer.DONE, Transfer.CANCELLED, -Errno.EPIPE, -Errno.ECONNRESET, -Errno.ECONNABORTED));
        assertTrue(statuses.isEmpty(), "ended with " + statuses);
        return counts;
    }

    private List<Range> ask(RangeClient client) throws Exception {
        List<Range> ranges = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < PIPELINED; i++) {
            int length = random.nextInt(8) == 0 ? random.nextInt(3) : random.nextInt(bodyBytesMax);
            Range range = new Range(random.nextLong(file.lengthBytes() - length + 1), length);
            ranges.add(range);
            lines.append(RangeServer.request(range.offset, range.lengthBytes));
        }
        try {
            client.send(lines.toString());
        } catch (SocketException e) {
            return ranges; // closed already: the answer will say so
        }
        return ranges;
    }
}
