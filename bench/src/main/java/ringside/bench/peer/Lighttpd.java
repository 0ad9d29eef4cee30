package ringside.bench.peer;

import java.nio.file.Path;
import java.util.List;

/// lighttpd as one process on epoll, with sendfile for what isn't small.
///
/// It counts the requests of a connection in 16 bits: after 65,535 it closes and the generator connects anew.
record Lighttpd() implements Peer {

    @Override
    public String name() {
        return "lighttpd";
    }

    @Override
    public String program() {
        return "lighttpd";
    }

    @Override
    public String aptPackage() {
        return "lighttpd";
    }

    @Override
    public String summary() {
        return "one process, epoll, sendfile";
    }

    @Override
    public List<String> versionArguments() {
        return List.of("-v");
    }

    @Override
    public String configuration(PeerSettings settings) {
        return """
               server.modules = ()
               server.document-root = "%s"
               server.bind = "127.0.0.1"
               server.port = %d
               server.pid-file = "%s"
               server.upload-dirs = ( "%s" )
               server.event-handler = "linux-sysepoll"
               server.network-backend = "sendfile"
               server.stat-cache-engine = "simple"
               server.max-worker = 0
               server.max-fds = %d
               server.max-connections = %d
               server.max-keep-alive-requests = 65535
               server.max-keep-alive-idle = 3600
               server.max-read-idle = 3600
               server.listen-backlog = 4096
               mimetype.assign = ( "" => "application/octet-stream" )
               """.formatted(
                        settings.root(),
                        settings.port(),
                        settings.workDirectory().resolve("lighttpd.pid"),
                        settings.workDirectory(),
                        2 * settings.connections() + PeerSettings.OTHER_DESCRIPTORS,
                        settings.connections() + 64);
    }

    @Override
    public List<String> arguments(Path configurationFile, PeerSettings settings) {
        return List.of("-D", "-f", configurationFile.toString());
    }
}
