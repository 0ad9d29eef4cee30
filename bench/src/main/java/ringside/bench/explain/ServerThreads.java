package ringside.bench.explain;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The threads of a process by their ids: `/proc/PID/task` (proc(5)). Those of io-wq are among them.
final class ServerThreads {

    private final Map<Integer, String> names = new TreeMap<>();

    static ServerThreads read(long processId) throws IOException {
        ServerThreads threads = new ServerThreads();
        Path tasks = Path.of("/proc", Long.toString(processId), "task");
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(tasks)) {
            for (Path directory : directories) {
                try {
                    threads.names.put(
                            Integer.parseInt(directory.getFileName().toString()),
                            Files.readString(directory.resolve("comm")).strip());
                } catch (IOException e) {
                    // It has ended since it was listed.
                }
            }
        }
        return threads;
    }

    static ServerThreads of(Map<Integer, String> names) {
        ServerThreads threads = new ServerThreads();
        threads.names.putAll(names);
        return threads;
    }

    void addNew(ServerThreads others) {
        others.names.forEach(names::putIfAbsent);
    }

    boolean contains(int threadId) {
        return names.containsKey(threadId);
    }

    Set<Integer> ids() {
        return Set.copyOf(names.keySet());
    }

    String name(int threadId) {
        return names.getOrDefault(threadId, Integer.toString(threadId));
    }

    ThreadRole role(int threadId) {
        return ThreadRole.of(name(threadId));
    }

    /// Whether every thread that isn't the JVM's sleeps: state `S` in `/proc/PID/task/TID/stat`. A submission
    /// poller may spin as it likes.
    static boolean isQuiet(long processId) throws IOException {
        for (Map.Entry<Integer, String> thread : read(processId).names.entrySet()) {
            ThreadRole role = ThreadRole.of(thread.getValue());
            if (role == ThreadRole.JVM || role == ThreadRole.SUBMISSION_POLLER) {
                continue;
            }
            try {
                String stat = Files.readString(Path.of(
                        "/proc",
                        Long.toString(processId),
                        "task",
                        thread.getKey().toString(),
                        "stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'S') {
                    return false;
                }
            } catch (IOException e) {
                // It has ended since it was listed.
            }
        }
        return true;
    }
}
