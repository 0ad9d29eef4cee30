package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import ringside.loadtest.ResponseParser.Outcome;

@SuppressWarnings("StringConcatToTextBlock") // line ends matter here
class ResponseParserTest {

    private record Answer(String text, int status, String body, boolean keepAlive) {}

    private static final List<Answer> WHOLE = List.of(
            new Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
            new Answer("HTTP/1.1 200 OK\nDate: now\ncontent-LENGTH:\t5 \n\nhello", 200, "hello", true),
            new Answer("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true),
            new Answer("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", 204, "", true),
            new Answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, "", true),
            new Answer("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false),
            new Answer("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false),
            new Answer("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", true),
            new Answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n!", 404, "!", true),
            new Answer(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00A\r\n, world!!!\r\n0\r\n"
                            + "Trailer: x\r\n\r\n",
                    200,
                    "hello, world!!!",
                    true),
            new Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 200, "", true));

    private static final List<String> MALFORMED = List.of(
            "HTTP/2 200 OK\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 999 OK\r\n\r\n",
            "HTTP/1.1 2000\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "\r\nHTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n");

    private final ResponseParser parser = new ResponseParser();
    private final CRC32C checksum = new CRC32C();

    @Test
    void splitAtEveryByteGivesTheSame() {
        for (Answer answer : WHOLE) {
            byte[] bytes = answer.text.getBytes(StandardCharsets.ISO_8859_1);
            for (int split = 0; split <= bytes.length; split++) {
                parser.begin(checksum);
                Outcome first = parser.feed(direct(bytes), 0, split);
                assertEquals(split < bytes.length ? Outcome.MORE : Outcome.DONE, first, answer.text + " at " + split);
                if (split < bytes.length) {
                    assertEquals(Outcome.DONE, parser.feed(direct(bytes), split, bytes.length), answer.text);
                }
                assertWhole(answer, bytes.length);
            }
        }
    }

    @Test
    void byteByByteGivesTheSame() {
        for (Answer answer : WHOLE) {
            byte[] bytes = answer.text.getBytes(StandardCharsets.ISO_8859_1);
            ByteBuffer in = direct(bytes);
            parser.begin(checksum);
            assertFalse(parser.started());
            for (int i = 0; i < bytes.length; i++) {
                assertEquals(
                        i + 1 < bytes.length ? Outcome.MORE : Outcome.DONE, parser.feed(in, i, i + 1), answer.text);
                assertTrue(parser.started());
            }
            assertWhole(answer, bytes.length);
        }
    }

    @Test
    void bytesAfterTheAnswerAreLeft() {
        byte[] bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1".getBytes(StandardCharsets.ISO_8859_1);
        parser.begin(null);
        assertEquals(Outcome.DONE, parser.feed(direct(bytes), 0, bytes.length));
        assertEquals(bytes.length - 8, parser.position());
    }

    @Test
    void closeEndsOnlyABodyWithoutAnotherEnd() {
        byte[] endless = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nsome".getBytes(StandardCharsets.ISO_8859_1);
        parser.begin(null);
        assertEquals(Outcome.MORE, parser.feed(direct(endless), 0, endless.length));
        assertEquals(Outcome.DONE, parser.closed());
        assertEquals(4, parser.bodyBytes());
        assertFalse(parser.keepAlive());

        byte[] cut = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsome".getBytes(StandardCharsets.ISO_8859_1);
        parser.begin(null);
        assertEquals(Outcome.MORE, parser.feed(direct(cut), 0, cut.length));
        assertEquals(Outcome.MORE, parser.closed());
    }

    @Test
    void whatIsNotHttpIsMalformed() {
        for (String text : MALFORMED) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            parser.begin(null);
            assertEquals(Outcome.MALFORMED, parser.feed(direct(bytes), 0, bytes.length), text);
        }
    }

    @Test
    void linesAndHeadsAreBounded() {
        ByteBuffer a = direct(new byte[1000]);
        parser.begin(null);
        Outcome outcome = Outcome.MORE;
        for (int i = 0; i < 17 && outcome == Outcome.MORE; i++) {
            outcome = parser.feed(a, 0, 1000);
        }
        assertEquals(Outcome.MALFORMED, outcome, "a line without end");

        byte[] field = "Field: value\r\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] status = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.ISO_8859_1);
        parser.begin(null);
        outcome = parser.feed(direct(status), 0, status.length);
        for (int i = 0; i < 20_000 && outcome == Outcome.MORE; i++) {
            outcome = parser.feed(direct(field), 0, field.length);
        }
        assertEquals(Outcome.MALFORMED, outcome, "a head without end");
    }

    @Test
    void findsLineFeedsWhereverTheyAre() {
        Random random = new Random(5);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 20_000; round++) {
            random.nextBytes(bytes);
            int from = random.nextInt(32);
            int to = from + random.nextInt(33);
            int expected = from;
            while (expected < to && bytes[expected] != '\n') {
                expected++;
            }
            assertEquals(expected, HeadBytes.indexOfLineFeed(direct(bytes), from, to));
        }
    }

    @Test
    void mutatedAnswersNeverThrowNorOverrun() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        int malformed = 0;
        for (int round = 0; round < 30_000; round++) {
            byte[] bytes = mutate(WHOLE.get(random.nextInt(WHOLE.size())).text, random);
            String where = "seed " + seed + " round " + round;
            parser.begin(random.nextBoolean() ? checksum : null);
            Outcome outcome = Outcome.MORE;
            ByteBuffer in = direct(bytes);
            int from = 0;
            while (from < bytes.length && outcome == Outcome.MORE) {
                int to = from + 1 + random.nextInt(bytes.length - from);
                outcome = parser.feed(in, from, to);
                assertTrue(parser.position() >= from && parser.position() <= to, where);
                assertTrue(outcome != Outcome.MORE || parser.position() == to, where + ": all taken");
                from = to;
            }
            assertTrue(parser.bodyBytes() >= 0 && parser.bodyBytes() <= bytes.length, where);
            parser.closed();
            malformed += outcome == Outcome.MALFORMED ? 1 : 0;
        }
        assertTrue(malformed > 1000, "mutations that do something: " + malformed);
    }

    private static byte[] mutate(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.setCharAt(at, (char) random.nextInt(256));
                case 1 -> mutated.insert(at, (char) random.nextInt(256));
                case 2 -> mutated.deleteCharAt(at).append(' ');
                default -> mutated.insert(at, mutated.substring(at, Math.min(mutated.length(), at + 9)));
            }
        }
        return mutated.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void assertWhole(Answer answer, int length) {
        assertEquals(answer.status, parser.status(), answer.text);
        assertEquals(answer.keepAlive, parser.keepAlive(), answer.text);
        assertEquals(answer.body.length(), parser.bodyBytes(), answer.text);
        assertEquals(length, parser.position(), answer.text);
        CRC32C expected = new CRC32C();
        expected.update(answer.body.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(expected.getValue(), checksum.getValue(), answer.text);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
    }
}
