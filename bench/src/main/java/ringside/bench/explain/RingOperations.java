package ringside.bench.explain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ringside.linux.TraceRecord;

/// What the operations of the server's rings are, learnt from their submissions. A completion that belongs to no
/// submission of the request (a multishot operation was submitted once, when the connection came) is known by its
/// ring and user data.
final class RingOperations {

    /// @param opcode `RECV`
    /// @param fd its file; -1 when it has none, or a registered one
    record Operation(String opcode, int fd) {}

    private final Map<String, Operation> byUserData = new HashMap<>();

    /// Looks at every record of the server's threads, in their order.
    void learn(Iterable<TraceRecord> records, ServerThreads threads) {
        for (TraceRecord record : records) {
            if (threads.contains(record.threadId())) {
                learn(record);
            }
        }
    }

    void learn(TraceRecord record) {
        switch (record.event()) {
            case "io_uring_submit_req" -> {
                Fields fields = Fields.of(record.body());
                byUserData.put(key(fields), new Operation(fields.text("opcode"), -1));
            }
            case "io_uring_file_get" -> {
                Fields fields = Fields.of(record.body());
                // Of several, the first is what the operation is about; splice(2)'s source comes after it.
                byUserData.computeIfPresent(
                        key(fields),
                        (key, known) ->
                                known.fd() >= 0 ? known : new Operation(known.opcode(), (int) fields.number("fd")));
            }
            default -> {
                // Not of interest.
            }
        }
    }

    Optional<Operation> at(Fields completion) {
        return Optional.ofNullable(byUserData.get(key(completion)));
    }

    /// The name of the kernel's request, which is unique while it is under way: `req` or `request`.
    static String request(Fields fields) {
        return fields.has("req") ? fields.text("req") : fields.text("request");
    }

    private static String key(Fields fields) {
        return fields.text("ring") + " " + fields.text("user_data");
    }
}
