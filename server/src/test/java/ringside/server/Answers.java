package ringside.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a server has sent on one connection, whatever was asked: every octet of it must be HTTP.
final class Answers {

    private Answers() {}

    /// What comes until the end, or a reset.
    static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 << 10];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                answers.write(buffer, 0, n);
            }
        } catch (java.net.SocketException e) {
            // Reset: what came before counts.
        }
        return answers.toByteArray();
    }

    /// Whole responses, the bodies of answers to HEAD aside: since a mutated method can't be told from here, a
    /// body that isn't followed by a status line must be an absent one.
    ///
    /// @return their statuses
    static List<Integer> statuses(byte[] answers) {
        int position = 0;
        List<Integer> statuses = new ArrayList<>();
        while (position < answers.length) {
            int headEnd = indexOf(answers, "\r\n\r\n", position);
            assertTrue(headEnd >= 0, () -> "a head without end: " + text(answers));
            String head = new String(answers, position, headEnd - position, StandardCharsets.ISO_8859_1);
            String[] lines = head.split("\r\n", -1);
            assertTrue(lines[0].matches("HTTP/1\\.1 [1-5][0-9][0-9] [A-Za-z -]+"), () -> "status line " + lines[0]);
            int length = -1;
            for (int i = 1; i < lines.length; i++) {
                assertTrue(lines[i].matches("[A-Za-z-]+: [ -~]*"), "field line " + lines[i]);
                if (lines[i].startsWith("Content-Length: ")) {
                    length = Integer.parseInt(lines[i].substring(16));
                }
            }
            if (length < 0 && lines[0].matches("HTTP/1\\.1 (204|304) .*")) {
                // RFC 9110 §8.6: no content, and no length needed.
                length = 0;
            }
            assertTrue(length >= 0, head);
            int bodyStart = headEnd + 4;
            int bodyEnd = bodyStart + length;
            boolean absent = bodyStart == answers.length || startsWith(answers, bodyStart);
            boolean whole = bodyEnd == answers.length || startsWith(answers, bodyEnd);
            assertTrue(whole || absent, () -> "neither a body nor the next head after: " + head);
            position = absent ? bodyStart : bodyEnd;
            statuses.add(Integer.parseInt(lines[0].substring(9, 12)));
        }
        return statuses;
    }

    /// The text of an answer may begin with the version: a status line has a number after it.
    private static boolean startsWith(byte[] answers, int position) {
        byte[] start = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
        int to = position + start.length;
        return to < answers.length
                && Arrays.equals(answers, position, to, start, 0, start.length)
                && Character.isDigit(answers[to]);
    }

    private static int indexOf(byte[] octets, String text, int from) {
        for (int i = from; i + text.length() <= octets.length; i++) {
            int j = 0;
            while (j < text.length() && octets[i + j] == text.charAt(j)) {
                j++;
            }
            if (j == text.length()) {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
