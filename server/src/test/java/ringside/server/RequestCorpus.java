package ringside.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Raw requests that are kept, and their mutants. A file is what a client sends on one connection before it ends its
/// output; its name ends in the statuses that it is answered with, in order: `pipeline.200-301-404`, or `.none`.
final class RequestCorpus {

    static final Path DIRECTORY = Path.of("src/test/resources/http-corpus");

    private static final String[] DICTIONARY = {
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        ":",
        "/",
        "..",
        "%2e",
        "%00",
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/9.9",
        "Content-Length: 5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Host: x\r\n",
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "GET ",
        "HEAD ",
        "POST ",
        "OPTIONS ",
        "http://",
        "\t",
        "\u00ff",
        "Expect: 100-continue\r\n",
        "Expect: x\r\n",
        "?",
        "#",
        ";",
        "0\r\n",
        "0\r\n\r\n",
        "5\r\nhello\r\n",
        "fffffffff\r\n",
        "X: y\r\n",
        "-1",
        "4294967296"
    };

    /// A file.
    static final class Sample {
        final String name;
        final byte[] octets;
        /// As the name says.
        final List<Integer> statuses;

        Sample(String name, byte[] octets, List<Integer> statuses) {
            this.name = name;
            this.octets = octets;
            this.statuses = statuses;
        }
    }

    final List<Sample> samples;

    private RequestCorpus(List<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    static RequestCorpus read() throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                samples.add(new Sample(name, Files.readAllBytes(file), statuses(name)));
            }
        }
        assertTrue(samples.size() > 10, "the corpus is there");
        return new RequestCorpus(samples);
    }

    private static List<Integer> statuses(String name) {
        String text = name.substring(name.lastIndexOf('.') + 1);
        return text.equals("none")
                ? List.of()
                : Arrays.stream(text.split("-")).map(Integer::valueOf).toList();
    }

    /// A file for octets that are answered so.
    void keep(byte[] octets, List<Integer> statuses) throws IOException {
        String text = statuses.isEmpty()
                ? "none"
                : String.join("-", statuses.stream().map(String::valueOf).toList());
        Files.write(DIRECTORY.resolve("kept-" + Integer.toHexString(Arrays.hashCode(octets)) + "." + text), octets);
    }

    /// One of the samples, changed in one to four places.
    byte[] mutant(Random random) {
        byte[] mutated = samples.get(random.nextInt(samples.size())).octets;
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = mutated.length == 0 ? 0 : random.nextInt(mutated.length);
            mutated = switch (random.nextInt(7)) {
                case 0 -> {
                    byte[] flipped = mutated.clone();
                    if (flipped.length > 0) {
                        flipped[at] ^= (byte) (1 << random.nextInt(8));
                    }
                    yield flipped;
                }
                case 1 -> splice(mutated, at, at, new byte[] {(byte) random.nextInt(256)});
                case 2 -> splice(mutated, at, Math.min(mutated.length, at + 1 + random.nextInt(8)), new byte[0]);
                case 3 -> Arrays.copyOf(mutated, at);
                case 4 -> splice(mutated, at, at, word(random));
                case 5 -> splice(mutated, at, at, Arrays.copyOfRange(mutated, at / 2, at));
                default -> {
                    byte[] other = samples.get(random.nextInt(samples.size())).octets;
                    yield splice(
                            mutated, at, mutated.length, Arrays.copyOfRange(other, other.length / 2, other.length));
                }
            };
        }
        return mutated.length == 0 ? new byte[] {'G'} : mutated;
    }

    private static byte[] word(Random random) {
        return DICTIONARY[random.nextInt(DICTIONARY.length)].getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] splice(byte[] octets, int from, int to, byte[] insert) {
        byte[] result = new byte[from + insert.length + octets.length - to];
        System.arraycopy(octets, 0, result, 0, from);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(octets, to, result, from + insert.length, octets.length - to);
        return result;
    }
}
