package ringside.server;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import ringside.engines.Transport;

/// Where an application listens.
public sealed interface UpstreamAddress {

    /// A stream socket in the file system.
    record Unix(Path path) implements UpstreamAddress {

        /// Of `sun_path` with its NUL, unix(7).
        private static final int PATH_BYTES_MAX = 107;

        public Unix {
            int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || bytes > PATH_BYTES_MAX) {
                throw new IllegalArgumentException("the socket path '" + path + "' has " + bytes
                        + " bytes: a socket's path has 1 to " + PATH_BYTES_MAX);
            }
        }

        @Override
        public SocketAddress socketAddress(Transport transport) {
            return switch (transport) {
                case NIO -> UnixDomainSocketAddress.of(path);
                case EPOLL, IO_URING -> new DomainSocketAddress(path.toString());
            };
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// @param host a name or an address, looked up once, when the server starts
    record Tcp(String host, int port) implements UpstreamAddress {

        public Tcp {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "no address: '" + host + ":" + port + "': write tcp:HOST:PORT with a port from 1 to 65535");
            }
        }

        @Override
        public SocketAddress socketAddress(Transport transport) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new IllegalArgumentException(
                        "the host name '" + host + "' can't be resolved: name an address that the application has");
            }
            return address;
        }

        @Override
        public String toString() {
            return "tcp:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /// What a channel of the transport connects to.
    ///
    /// @throws IllegalArgumentException with a message for a person when a name isn't known
    SocketAddress socketAddress(Transport transport);

    /// Reads `unix:/run/app.sock`, `tcp:127.0.0.1:9000`, `tcp:[::1]:9000`.
    ///
    /// @throws IllegalArgumentException with a message for a person
    static UpstreamAddress parse(String text) {
        if (text.startsWith("unix:")) {
            return new Unix(Path.of(text.substring(5)));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tcp:") && colon > 4) {
            String host = text.substring(4, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return new Tcp(bracketed ? host.substring(1, host.length() - 1) : host, port(text, colon));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no address of an application: write unix:/run/app.sock or tcp:127.0.0.1:9000");
    }

    private static int port(String text, int colon) {
        try {
            return Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' doesn't end in a port: write tcp:127.0.0.1:9000", e);
        }
    }
}
