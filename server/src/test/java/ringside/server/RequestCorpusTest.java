package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// The kept requests, and what is made of their mutants without a network: whatever the pieces in which octets arrive,
/// they are read in the same way.
///
/// `-Dringside.fuzz.keep=true` adds the shortest mutant of each kind that no kept request shows;
/// `-Dringside.fuzz.seed=N` chooses others.
class RequestCorpusTest {

    private static final long SEED_DEFAULT = 20_260_102;
    private static final int MUTANTS = 150_000;

    /// What parsers refuse only at a length that mutants don't have, or that a time-out says.
    private static final Set<Refusal> UNREACHED = EnumSet.of(
            Refusal.TARGET_TOO_LONG,
            Refusal.HEAD_TOO_LARGE,
            Refusal.FRAMING_TOO_LARGE,
            Refusal.HEAD_TOO_SLOW,
            Refusal.BODY_TOO_SLOW,
            Refusal.BODY_INCOMPLETE,
            Refusal.TUNNEL_REFUSED);

    @TempDir
    Path directory;

    private final RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
    private final RequestBody body = new RequestBody(HttpLimits.DEFAULT);

    @ParameterizedTest
    @EnumSource
    void keptRequestsAreAnsweredAsTheirNamesSay(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory)) {
            for (RequestCorpus.Sample sample : RequestCorpus.read().samples) {
                assertEquals(sample.statuses, exchange(server, sample.octets), sample.name);
            }
            assertEquals(0, server.server.counters().defects());
        }
    }

    @Test
    void mutantsAreReadInTheSameWayWhateverTheirPieces() throws IOException {
        RequestCorpus corpus = RequestCorpus.read();
        long seed = Long.getLong("ringside.fuzz.seed", SEED_DEFAULT);
        Random random = new Random(seed);
        Set<String> known = new HashSet<>();
        for (RequestCorpus.Sample sample : corpus.samples) {
            known.addAll(pairs(reading(sample.octets, new Random(0), sample.octets.length)));
        }
        Map<String, byte[]> found = new HashMap<>();
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = corpus.mutant(random);
            List<String> whole = reading(mutant, random, mutant.length);
            List<String> pieces = reading(mutant, random, 1 + random.nextInt(mutant.length));
            assertEquals(whole, pieces, () -> "seed " + seed + ": " + new String(mutant, StandardCharsets.ISO_8859_1));
            for (String pair : pairs(whole)) {
                if (!known.contains(pair)) {
                    found.merge(pair, mutant, (one, other) -> one.length <= other.length ? one : other);
                }
            }
        }
        if (Boolean.getBoolean("ringside.fuzz.keep")) {
            keep(corpus, found);
        }
    }

    @Test
    void theCorpusShowsEveryRefusalOfTheParsers() throws IOException {
        Set<String> words = new HashSet<>();
        for (RequestCorpus.Sample sample : RequestCorpus.read().samples) {
            words.addAll(reading(sample.octets, new Random(0), sample.octets.length));
        }
        for (Refusal refusal : Refusal.values()) {
            if (refusal.closes && !UNREACHED.contains(refusal)) {
                assertTrue(words.contains(refusal.name()), () -> refusal + " is missing: " + words);
            }
        }
    }

    private void keep(RequestCorpus corpus, Map<String, byte[]> found) throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory)) {
            Set<String> shown = new HashSet<>();
            for (Map.Entry<String, byte[]> entry : found.entrySet()) {
                byte[] mutant = entry.getValue();
                if (!shown.contains(entry.getKey())) {
                    corpus.keep(mutant, exchange(server, mutant));
                    shown.addAll(pairs(reading(mutant, new Random(0), mutant.length)));
                }
            }
        }
    }

    private static List<Integer> exchange(TestServer server, byte[] octets) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()));
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(octets);
            try {
                socket.shutdownOutput();
            } catch (SocketException e) {
                // The server has closed already; what it has answered is still to be read.
            }
            return Answers.statuses(Answers.readAll(socket.getInputStream()));
        }
    }

    /// A word for each step of reading.
    ///
    /// @param pieceMax octets that arrive at once at most
    private List<String> reading(byte[] octets, Random random, int pieceMax) {
        List<String> words = new ArrayList<>();
        Input input = new Input();
        body.begin(0, false);
        for (int at = 0; at < octets.length; ) {
            int length = Math.min(octets.length - at, 1 + random.nextInt(pieceMax));
            if (pieceMax == octets.length) {
                length = octets.length;
            }
            input.append(Unpooled.wrappedBuffer(octets, at, length));
            at += length;
            if (!read(input, words)) {
                return words;
            }
        }
        if (input.readableBytes() > 0 || !body.isWhole()) {
            words.add(body.isWhole() ? "head incomplete" : "body incomplete");
        }
        return words;
    }

    /// @return false at a refusal
    private boolean read(Input input, List<String> words) {
        while (true) {
            if (!body.isWhole()) {
                int status = body.read(input, BodySink.DRAIN);
                if (status == RequestBody.MORE) {
                    return true;
                }
                words.add(status == RequestBody.ENDED ? "body" : body.refusal.name());
                if (status == RequestBody.REFUSED) {
                    return false;
                }
            }
            input.skipEmptyLines();
            if (input.readableBytes() == 0) {
                return true;
            }
            switch (parser.parse(input.octets, input.from, input.to)) {
                case RequestParser.INCOMPLETE -> {
                    return true;
                }
                case RequestParser.REFUSED -> {
                    words.add(parser.refusal.name());
                    return false;
                }
                default -> {
                    words.add(head());
                    input.skip(parser.headTo - input.from);
                    body.begin(parser.contentLengthBytes(), parser.chunked());
                }
            }
        }
    }

    private String head() {
        Method method = parser.method;
        return (method == null ? "unknown" : method.isServed() ? "served" : "refused")
                + (parser.chunked() ? " chunked" : parser.contentLengthBytes() > 0 ? " length" : "")
                + (parser.keepAlive() ? "" : " close");
    }

    /// What comes after what.
    private static Set<String> pairs(List<String> words) {
        Set<String> pairs = new HashSet<>();
        String before = "";
        for (String word : words) {
            pairs.add(before + " > " + word);
            before = word;
        }
        return pairs;
    }
}
