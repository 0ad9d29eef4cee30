package ringside.bench.peer;

import java.nio.file.Path;
import java.util.List;

/// h2o with one thread. It reads files with pread(2) into buffers of 64 KiB and keeps its own cache of open files.
record H2o() implements Peer {

    @Override
    public String name() {
        return "h2o";
    }

    @Override
    public String program() {
        return "h2o";
    }

    @Override
    public String aptPackage() {
        return "h2o";
    }

    @Override
    public String summary() {
        return "one thread, no compression";
    }

    @Override
    public List<String> versionArguments() {
        return List.of("-v");
    }

    @Override
    public String configuration(PeerSettings settings) {
        return """
               num-threads: 1
               max-connections: %d
               %shttp1-request-timeout: 3600
               http1-upgrade-to-http2: OFF
               file.send-compressed: OFF
               compress: OFF
               error-log: /dev/stderr
               listen:
                 host: 127.0.0.1
                 port: %d
               hosts:
                 default:
                   paths:
                     "/":
                       file.dir: "%s"
               """.formatted(
                        settings.connections() + 64,
                        PeerSettings.isRoot() ? "user: root\n" : "",
                        settings.port(),
                        settings.root());
    }

    @Override
    public List<String> arguments(Path configurationFile, PeerSettings settings) {
        return List.of("-m", "worker", "-c", configurationFile.toString());
    }
}
