package ringside.bench.explain;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What the descriptors of a process are: a look at `/proc/PID/fd` and `/proc/PID/fdinfo` (proc(5)).
final class DescriptorTable {

    private static final int O_WRONLY = 1;
    private static final int O_DIRECT = 0x4000;

    /// @param label for people: `file`, or the target of the link
    record Descriptor(int fd, DescriptorKind kind, String label) {
        @Override
        public String toString() {
            return fd + "<" + label + ">";
        }
    }

    private final Map<Integer, Descriptor> descriptors = new HashMap<>();

    /// @param serverPort of the connection
    /// @param clientPort of the connection
    static DescriptorTable read(long processId, int serverPort, int clientPort, Path file) throws IOException {
        Path process = Path.of("/proc", Long.toString(processId));
        Sockets sockets = Sockets.read(process, serverPort, clientPort);
        DescriptorTable table = new DescriptorTable();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path link : links) {
                String name = link.getFileName().toString();
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    int flags = flags(Files.readString(process.resolve("fdinfo").resolve(name)));
                    table.add(Integer.parseInt(name), target, flags, sockets, file);
                } catch (java.nio.file.NoSuchFileException e) {
                    // Closed since it was listed.
                }
            }
        }
        return table;
    }

    static DescriptorTable of(Iterable<Descriptor> descriptors) {
        DescriptorTable table = new DescriptorTable();
        descriptors.forEach(descriptor -> table.descriptors.put(descriptor.fd(), descriptor));
        return table;
    }

    /// Adds what a later look has found and this one hasn't: opened in between.
    void addNew(DescriptorTable later) {
        later.descriptors.forEach(descriptors::putIfAbsent);
    }

    Descriptor at(int fd) {
        Descriptor known = descriptors.get(fd);
        return known == null ? new Descriptor(fd, DescriptorKind.UNKNOWN, DescriptorKind.UNKNOWN.label()) : known;
    }

    private void add(int fd, String target, int flags, Sockets sockets, Path file) {
        DescriptorKind kind = kind(target, flags, sockets, file);
        descriptors.put(fd, new Descriptor(fd, kind, kind == DescriptorKind.OTHER ? shortened(target) : kind.label()));
    }

    private static DescriptorKind kind(String target, int flags, Sockets sockets, Path file) {
        if (target.equals(file.toString())) {
            return (flags & O_DIRECT) != 0 ? DescriptorKind.DIRECT_FILE : DescriptorKind.FILE;
        }
        if (target.equals("socket:[" + sockets.connection() + "]")) {
            return DescriptorKind.CONNECTION;
        }
        if (target.equals("socket:[" + sockets.listener() + "]")) {
            return DescriptorKind.LISTENER;
        }
        if (target.startsWith("pipe:")) {
            return (flags & O_WRONLY) != 0 ? DescriptorKind.PIPE_IN : DescriptorKind.PIPE_OUT;
        }
        return switch (target) {
            case "anon_inode:[io_uring]" -> DescriptorKind.RING;
            case "anon_inode:[eventpoll]" -> DescriptorKind.EPOLL;
            case "anon_inode:[eventfd]" -> DescriptorKind.EVENTFD;
            case "anon_inode:[timerfd]" -> DescriptorKind.TIMERFD;
            default -> DescriptorKind.OTHER;
        };
    }

    private static String shortened(String target) {
        return target.startsWith("/") ? target.substring(target.lastIndexOf('/') + 1) : target;
    }

    /// The line `flags:	02004002` is octal.
    private static int flags(String fdinfo) {
        for (String line : fdinfo.split("\n", -1)) {
            if (line.startsWith("flags:")) {
                return (int) Long.parseLong(line.substring("flags:".length()).strip(), 8);
            }
        }
        return 0;
    }

    /// The inodes of two sockets in `/proc/PID/net/tcp` and `tcp6`; the empty text where there is none.
    private record Sockets(String connection, String listener) {

        private static final int INODE_COLUMN = 9;
        private static final String LISTEN = "0A";

        static Sockets read(Path process, int serverPort, int clientPort) throws IOException {
            String connection = "";
            String listener = "";
            for (String name : new String[] {"net/tcp", "net/tcp6"}) {
                if (!Files.exists(process.resolve(name))) {
                    continue;
                }
                for (String line : Files.readAllLines(process.resolve(name))) {
                    String[] columns = line.strip().split("\\s+", -1);
                    if (columns.length <= INODE_COLUMN || port(columns[1]) != serverPort) {
                        continue;
                    }
                    if (columns[3].equals(LISTEN)) {
                        listener = columns[INODE_COLUMN];
                    } else if (port(columns[2]) == clientPort) {
                        connection = columns[INODE_COLUMN];
                    }
                }
            }
            return new Sockets(connection, listener);
        }

        private static int port(String address) {
            int colon = address.lastIndexOf(':');
            return colon < 0 ? -1 : Integer.parseInt(address.substring(colon + 1), 16);
        }
    }
}
