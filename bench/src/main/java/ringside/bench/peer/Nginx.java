package ringside.bench.peer;

import java.nio.file.Path;
import java.util.List;

/// nginx, in the two forms that win at different sizes: `sendfile on` with `tcp_nopush` (head and file in one
/// segment), and `sendfile off` (read into a buffer, one writev), both with `open_file_cache`.
///
/// The cache holds as many files as our server's and looks at each again after a second, as ours does.
///
/// `output_buffers 1 1m` lets the reading form bring 1 MiB in one read and one write instead of thirty-two of
/// each (`2 32k` is nginx's default): a setting that helps it at this job and that few installations have.
record Nginx(String name, boolean sendfile) implements Peer {

    @Override
    public String program() {
        return "nginx";
    }

    @Override
    public String aptPackage() {
        return "nginx-light";
    }

    @Override
    public String summary() {
        return sendfile
                ? "sendfile on, tcp_nopush on, open_file_cache"
                : "sendfile off, output_buffers 1 1m, open_file_cache";
    }

    @Override
    public List<String> versionArguments() {
        return List.of("-v");
    }

    @Override
    public String configuration(PeerSettings settings) {
        Path work = settings.workDirectory();
        return """
            %sdaemon off;
            worker_processes 1;
            worker_rlimit_nofile %d;
            pid "%s";
            error_log stderr error;
            events {
                use epoll;
                worker_connections %d;
                multi_accept on;
            }
            http {
                access_log off;
                log_not_found off;
                default_type application/octet-stream;
                client_body_temp_path "%s";
                proxy_temp_path "%s";
                fastcgi_temp_path "%s";
                uwsgi_temp_path "%s";
                scgi_temp_path "%s";
                %s
                gzip off;
                keepalive_requests 1000000000;
                keepalive_timeout 3600s;
                open_file_cache max=%d inactive=3600s;
                open_file_cache_valid 1s;
                open_file_cache_min_uses 1;
                server {
                    listen 127.0.0.1:%d backlog=4096;
                    root "%s";
                }
            }
            """.formatted(
                        PeerSettings.isRoot() ? "user root;\n" : "",
                        settings.connections() + PeerSettings.OPEN_FILES + PeerSettings.OTHER_DESCRIPTORS,
                        work.resolve("nginx.pid"),
                        settings.connections() + 64,
                        work.resolve("body"),
                        work.resolve("proxy"),
                        work.resolve("fastcgi"),
                        work.resolve("uwsgi"),
                        work.resolve("scgi"),
                        sendfile ? "sendfile on;\n    tcp_nopush on;" : "sendfile off;\n    output_buffers 1 1m;",
                        PeerSettings.OPEN_FILES,
                        settings.port(),
                        settings.root());
    }

    @Override
    public List<String> arguments(Path configurationFile, PeerSettings settings) {
        return List.of("-p", settings.workDirectory().toString(), "-e", "stderr", "-c", configurationFile.toString());
    }
}
