package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import ringside.content.hosts.HostObserver;

/// What is told of virtual hosts, to be waited for: a change that was told is what requests see.
final class HostReports implements HostObserver {

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void opened(String entry, String what) {
        lines.add("opened " + entry);
    }

    @Override
    public void removed(String entry) {
        lines.add("removed " + entry);
    }

    @Override
    public void refused(String entry, String reason, boolean before) {
        lines.add("refused " + entry + (before ? ", the old one stays: " : ": ") + reason);
    }

    @Override
    public void blind(String reason) {
        lines.add("blind " + reason);
    }

    /// The next report is this, or starts with it.
    void await(String expected) throws InterruptedException {
        is(lines.poll(20, TimeUnit.SECONDS), expected);
    }

    /// The next report that doesn't start with `passedOver` is this, or starts with it.
    void awaitPast(String passedOver, String expected) throws InterruptedException {
        String line = lines.poll(20, TimeUnit.SECONDS);
        while (line != null && line.startsWith(passedOver)) {
            line = lines.poll(20, TimeUnit.SECONDS);
        }
        is(line, expected);
    }

    private static void is(@Nullable String line, String expected) {
        assertNotNull(line, () -> "nothing was told, expected: " + expected);
        assertTrue(line.startsWith(expected), () -> "told '" + line + "', expected '" + expected + "'");
    }

    void none() {
        assertEquals("[]", lines.toString());
    }
}
