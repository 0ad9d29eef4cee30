package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The framing of bodies, without a network.
class RequestBodyTest {

    private static final byte[] CHUNKS = ascii("5;x=\"y\"\r\nhello\r\n7 ;z\r\n, world\r\n0\r\nX-Trailer: 1\r\n\r\n");

    /// Keeps what it is given, a few octets at a time if it is to be slow.
    private static final class Collector implements BodySink {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int octetsMax = Integer.MAX_VALUE;

        @Override
        public int content(byte[] octets, int from, int lengthBytes) {
            int taken = Math.min(octetsMax, lengthBytes);
            content.write(octets, from, taken);
            return taken;
        }

        @Override
        public void ended() {}

        @Override
        public void broken(Refusal why) {}
    }

    private final Input input = new Input();
    private final RequestBody body = new RequestBody(HttpLimits.DEFAULT);
    private final Collector collector = new Collector();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void chunksMayBeCutAnywhere() {
        byte[] octets = Arrays.copyOf(CHUNKS, CHUNKS.length + 3);
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            body.begin(0, true);
            collector.content.reset();
            int status = RequestBody.MORE;
            for (int at = 0; at < octets.length; ) {
                int length = Math.min(octets.length - at, 1 + random.nextInt(1 + round % octets.length));
                input.append(Unpooled.wrappedBuffer(octets, at, length));
                at += length;
                status = body.read(input, collector);
            }
            assertEquals(RequestBody.ENDED, status);
            assertEquals("hello, world", collector.content.toString(StandardCharsets.US_ASCII));
            assertEquals(3, input.readableBytes(), "what comes after the body is the next request's");
            assertTrue(body.isWhole());
            input.clear();
        }
    }

    @Test
    void aFullSinkLosesNothing() {
        byte[] content = new byte[100_000];
        new Random(2).nextBytes(content);
        for (boolean chunked : new boolean[] {false, true}) {
            collector.content.reset();
            body.begin(chunked ? 0 : content.length, chunked);
            if (chunked) {
                input.append(Unpooled.wrappedBuffer(ascii(Integer.toHexString(content.length) + "\r\n")));
            }
            input.append(Unpooled.wrappedBuffer(content));
            if (chunked) {
                input.append(Unpooled.wrappedBuffer(ascii("\r\n0\r\n\r\n")));
            }
            int reads = 1;
            for (collector.octetsMax = 0; body.read(input, collector) == RequestBody.FULL; reads++) {
                collector.octetsMax = 1_000;
            }
            assertTrue(body.isWhole());
            assertEquals(101, reads);
            assertArrayEquals(content, collector.content.toByteArray());
            assertEquals(content.length, body.receivedBytes());
            assertEquals(0, input.readableBytes());
        }
    }

    @Test
    void aSinkThatGivesTheConnectionUpIsAskedNoMore() {
        body.begin(100, false);
        input.append(Unpooled.wrappedBuffer(new byte[10]));
        BodySink last = new BodySink() {
            @Override
            public int content(byte[] octets, int from, int lengthBytes) {
                input.clear();
                return lengthBytes;
            }

            @Override
            public void ended() {}

            @Override
            public void broken(Refusal why) {}
        };
        assertEquals(RequestBody.MORE, body.read(input, last));
        assertEquals(0, input.readableBytes());
    }
}
