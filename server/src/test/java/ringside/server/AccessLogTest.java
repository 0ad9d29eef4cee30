package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AccessLogTest {

    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    private static byte[] line(int n) {
        return ("line " + n + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void writesEveryLineInOrderAndManyAtATime() {
        AtomicInteger writes = new AtomicInteger();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] octets, int from, int length) {
                writes.incrementAndGet();
                super.write(octets, from, length);
            }
        };
        CountDownLatch mayStart = new CountDownLatch(1);
        StringBuilder expected = new StringBuilder();
        try (AccessLog log = new AccessLog(waitingFor(mayStart, out), complaints::add)) {
            for (int i = 0; i < 10_000; i++) {
                log.offer(line(i));
                expected.append(new String(line(i), StandardCharsets.US_ASCII));
            }
            mayStart.countDown();
        }
        assertEquals(expected.toString(), out.toString(StandardCharsets.US_ASCII));
        assertTrue(writes.get() <= 10, writes + " writes for 10,000 lines");
        assertEquals(List.of(), complaints);
    }

    @Test
    void linesThatFindTheQueueFullAreCountedAndReportedUnderLoad() throws InterruptedException {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(waitingFor(mayGoOn, out), complaint -> {
            complaints.add(complaint);
            reported.countDown();
        })) {
            int offered = 0;
            while (log.droppedLines() < 100) {
                log.offer(line(offered++));
            }
            mayGoOn.countDown();
            // Never silent: the report must not wait for a pause.
            while (reported.getCount() > 0) {
                log.offer(line(offered++));
            }
            reported.await();
        }
        assertTrue(complaints.getFirst().matches("ringside: [1-9][0-9]* access lines were dropped: .*"));
    }

    @Test
    void linesThatCannotBeWrittenAreCounted() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        AccessLog log = new AccessLog(full, complaints::add);
        try (log) {
            for (int i = 0; i < 100; i++) {
                log.offer(line(i));
            }
        }
        assertEquals(100, log.droppedLines());
        int reported = complaints.stream()
                .mapToInt(complaint -> Integer.parseInt(complaint.split(" ", -1)[1]))
                .sum();
        assertEquals(100, reported, complaints.toString());
    }

    private static OutputStream waitingFor(CountDownLatch latch, OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int from, int length) throws IOException {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                out.write(octets, from, length);
            }
        };
    }
}
