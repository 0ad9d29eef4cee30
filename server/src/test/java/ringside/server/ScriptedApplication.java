package ringside.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An application whose answers a test writes, octet by octet if it likes: speaks FastCGI or uwsgi on a socket of its
/// own, a virtual thread for each connection.
final class ScriptedApplication implements AutoCloseable {

    /// Answers one request. The connection is closed when it throws, and after it unless it is to be kept.
    interface Script {
        void answer(Call call) throws IOException, InterruptedException;
    }

    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    private final UpstreamProtocol protocol;
    private final Script script;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger connectionsEnded = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    /// What went wrong in scripts, a client that has gone aside.
    final CopyOnWriteArrayList<Throwable> failures = new CopyOnWriteArrayList<>();

    private ScriptedApplication(UpstreamProtocol protocol, ServerSocketChannel listener, Script script) {
        this.protocol = protocol;
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    static ScriptedApplication unix(UpstreamProtocol protocol, Path socket, Script script) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        return new ScriptedApplication(protocol, listener, script);
    }

    static ScriptedApplication tcp(UpstreamProtocol protocol, Script script) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new ScriptedApplication(protocol, listener, script);
    }

    UpstreamAddress address() {
        try {
            return listener.getLocalAddress() instanceof UnixDomainSocketAddress unix
                    ? new UpstreamAddress.Unix(unix.getPath())
                    : new UpstreamAddress.Tcp("127.0.0.1", ((InetSocketAddress) listener.getLocalAddress()).getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    UpstreamRule rule(String prefix) {
        return new UpstreamRule(protocol, prefix, address(), java.util.Optional.empty());
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                connections.incrementAndGet();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Call call;
            do {
                call = new Call(protocol, channel);
                call.readHead();
                requests.incrementAndGet();
                script.answer(call);
            } while (call.kept);
        } catch (ClosedChannelException | EOFException e) {
            // The server has closed the connection.
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).matches("Broken pipe|Connection reset.*")) {
                failures.add(e);
            }
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            open.remove(channel);
            connectionsEnded.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    /// One request, and the means to answer it.
    static final class Call {
        private final UpstreamProtocol protocol;
        private final DataInputStream in;
        private final OutputStream out;
        final Map<String, String> variables = Collections.synchronizedMap(new LinkedHashMap<>());
        boolean kept;
        private int recordLeft;
        private int recordPadding;
        private boolean bodyEnded;
        private final InputStream body;

        Call(UpstreamProtocol protocol, SocketChannel channel) {
            this.protocol = protocol;
            this.in = new DataInputStream(Channels.newInputStream(channel));
            this.out = Channels.newOutputStream(channel);
            this.body = protocol == UpstreamProtocol.UWSGI ? limited() : records();
        }

        private void readHead() throws IOException {
            if (protocol == UpstreamProtocol.UWSGI) {
                byte[] header = in.readNBytes(4);
                if (header.length < 4) {
                    throw new EOFException();
                }
                ByteBuffer pairs = littleEndian(in.readNBytes((header[1] & 0xff) | ((header[2] & 0xff) << 8)));
                while (pairs.hasRemaining()) {
                    String name = text(pairs, pairs.getShort() & 0xffff);
                    variables.put(name, text(pairs, pairs.getShort() & 0xffff));
                }
                return;
            }
            require(header(), 1);
            in.readShort();
            kept = in.readByte() == 1;
            in.readNBytes(5 + recordPadding);
            ByteArrayOutputStream params = new ByteArrayOutputStream();
            while (true) {
                require(header(), 4);
                if (recordLeft == 0) {
                    break;
                }
                params.writeBytes(in.readNBytes(recordLeft));
                in.readNBytes(recordPadding);
            }
            recordLeft = 0;
            recordPadding = 0;
            ByteBuffer pairs = ByteBuffer.wrap(params.toByteArray());
            while (pairs.hasRemaining()) {
                int name = length(pairs);
                int value = length(pairs);
                String key = text(pairs, name);
                variables.put(key, text(pairs, value));
            }
        }

        private static ByteBuffer littleEndian(byte[] octets) {
            return ByteBuffer.wrap(octets).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        }

        /// @return the type
        private int header() throws IOException {
            require(in.readUnsignedByte(), 1);
            int type = in.readUnsignedByte();
            require(in.readShort(), 1);
            recordLeft = in.readUnsignedShort();
            recordPadding = in.readUnsignedByte();
            in.readByte();
            return type;
        }

        private static void require(int is, int wanted) {
            if (is != wanted) {
                throw new AssertionError("octet " + is + " instead of " + wanted);
            }
        }

        private static int length(ByteBuffer pairs) {
            int first = pairs.get(pairs.position()) & 0xff;
            return first < 128 ? pairs.get() : pairs.getInt() & Integer.MAX_VALUE;
        }

        private static String text(ByteBuffer from, int length) {
            byte[] octets = new byte[length];
            from.get(octets);
            return new String(octets, StandardCharsets.ISO_8859_1);
        }

        /// The request's body; reads no more of it than it is asked for.
        InputStream body() {
            return body;
        }

        /// A stream whose single octets are arrays of one.
        private abstract static class Octets extends InputStream {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public abstract int read(byte[] octets, int from, int count) throws IOException;
        }

        private InputStream limited() {
            return new Octets() {
                private long left = -1;

                @Override
                public int read(byte[] octets, int from, int count) throws IOException {
                    if (left < 0) {
                        left = Long.parseLong(variables.getOrDefault("CONTENT_LENGTH", "0"));
                    }
                    if (left == 0) {
                        return -1;
                    }
                    int read = in.read(octets, from, (int) Math.min(left, count));
                    if (read < 0) {
                        throw new EOFException();
                    }
                    left -= read;
                    return read;
                }
            };
        }

        private InputStream records() {
            return new Octets() {
                @Override
                public int read(byte[] octets, int from, int count) throws IOException {
                    while (recordLeft == 0 && !bodyEnded) {
                        in.readNBytes(recordPadding);
                        require(header(), STDIN);
                        bodyEnded = recordLeft == 0;
                    }
                    if (bodyEnded) {
                        return -1;
                    }
                    int read = in.read(octets, from, Math.min(count, recordLeft));
                    if (read < 0) {
                        throw new EOFException();
                    }
                    recordLeft -= read;
                    return read;
                }
            };
        }

        /// A part of the answer.
        Call send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Call send(byte[] octets) throws IOException {
            if (protocol == UpstreamProtocol.UWSGI) {
                out.write(octets);
                return this;
            }
            for (int from = 0; from < octets.length; from += 65_535) {
                int length = Math.min(65_535, octets.length - from);
                out.write(record(STDOUT, java.util.Arrays.copyOfRange(octets, from, from + length), from % 7));
            }
            return this;
        }

        Call complain(String text) throws IOException {
            out.write(record(STDERR, text.getBytes(StandardCharsets.ISO_8859_1), 3));
            return this;
        }

        /// The end of the answer, with FastCGI's protocol status.
        void end(int status) throws IOException {
            out.write(record(3, new byte[] {0, 0, 0, 0, (byte) status, 0, 0, 0}, 0));
        }

        /// Reads what is left of the body, and ends the answer.
        void end() throws IOException {
            body().readAllBytes();
            if (protocol == UpstreamProtocol.FASTCGI) {
                end(0);
            }
        }

        void raw(byte[] octets) throws IOException {
            out.write(octets);
        }

        static byte[] record(int type, byte[] content, int padding) {
            ByteBuffer record = ByteBuffer.allocate(8 + content.length + padding);
            record.put((byte) 1).put((byte) type).putShort((short) 1);
            record.putShort((short) content.length).put((byte) padding).put((byte) 0);
            return record.put(content).array();
        }
    }
}
