package ringside.bench.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.bench.explain.DescriptorTable.Descriptor;
import ringside.linux.TraceRecord;
import ringside.linux.TraceRecord.Context;
import ringside.linux.TraceRecord.Form;
import ringside.linux.TraceText;

/// Traces of requests that were kept: what the kernel (6.18) wrote, with what must be known of the server in lines
/// `# …` before it. `composed-…` are put together by hand from the kernel's formats.
final class TraceSamples {

    static final List<String> ALL =
            List.of("blocking-epoll", "uring-io_uring-cold", "aio-epoll", "composed-splice", "composed-zc");

    private TraceSamples() {}

    static RequestTrace read(String name) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/trace", name + ".txt"));
        Map<Integer, String> threads = new HashMap<>();
        List<Descriptor> descriptors = new ArrayList<>();
        RingOperations operations = new RingOperations();
        long[] facts = new long[4];
        for (String line : text.lines().filter(l -> l.startsWith("# ")).toList()) {
            String[] words = line.split(" ", 4);
            switch (words[1]) {
                case "head" -> facts = facts(line.split(" ", -1));
                case "thread" -> threads.put(Integer.parseInt(words[2]), words[3]);
                case "fd" -> {
                    DescriptorKind kind = DescriptorKind.valueOf(words[3]);
                    descriptors.add(new Descriptor(Integer.parseInt(words[2]), kind, kind.label()));
                }
                case "ring" -> earlier(operations, line.split(" ", -1));
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new RequestTrace(
                TraceText.parse(text).records(),
                ServerThreads.of(threads),
                DescriptorTable.of(descriptors),
                operations,
                facts[2],
                (int) facts[3],
                facts[0],
                facts[1]);
    }

    static Timeline timeline(String name) throws IOException {
        return Decoder.decode(read(name));
    }

    static Explanation explanation(String name) throws IOException {
        boolean cold = name.endsWith("-cold");
        String[] words = name.split("-", -1);
        return new Explanation(
                words[0] + "/" + words[1],
                65_536,
                cold,
                "the way of the bytes",
                "6.18.44",
                "1",
                5,
                4,
                2000,
                65_719,
                cold ? 0 : 16,
                16,
                words[0].equals("uring") ? new TreeMap<>(Map.of("ring reads", 1L)) : new TreeMap<>(),
                List.of("A note that is long enough to be cut where the terminal is narrow, since it goes on and on."),
                timeline(name));
    }

    private static long[] facts(String[] words) {
        return new long[] {
            Long.parseLong(words[2]), Long.parseLong(words[4]), Long.parseLong(words[6]), Long.parseLong(words[8])
        };
    }

    /// `# ring ADDRESS USER-DATA OPCODE FD`: submitted before the trace.
    private static void earlier(RingOperations operations, String[] words) {
        String about = "ring " + words[2] + ", req 1, user_data " + words[3];
        operations.learn(event("io_uring_submit_req", about + ", opcode " + words[4] + ", flags 0x0"));
        operations.learn(event("io_uring_file_get", about + ", fd " + words[5]));
    }

    private static TraceRecord event(String name, String body) {
        return new TraceRecord("loop", 1, 0, Context.TASK, 0, name, Form.EVENT, body);
    }
}
