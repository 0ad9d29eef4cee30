package ringside.server;

import java.nio.file.Files;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentRoot;
import ringside.content.DirectoryRoot;
import ringside.content.hosts.HostDirectory;
import ringside.content.hosts.HostObserver;
import ringside.content.hosts.HostTable;
import ringside.content.hosts.RootOpener;
import ringside.content.hosts.Site;
import ringside.content.webroot.WebrootRoot;

/// What a server serves: one root for every host, or the hosts of a directory, which come and go.
final class ServerContent implements AutoCloseable {

    private final HostTable table;
    private final Runnable closing;
    private final @Nullable HostDirectory hosts;

    private ServerContent(HostTable table, Runnable closing, @Nullable HostDirectory hosts) {
        this.table = table;
        this.closing = closing;
        this.hosts = hosts;
    }

    /// Of a directory or a webroot.
    ///
    /// @param clock what the file system's times are compared with
    static ServerContent ofRoot(ServerConfig config, InstantSource clock) {
        ContentRoot root = Files.isRegularFile(config.root())
                ? WebrootRoot.open(config.kernel(), config.root())
                : DirectoryRoot.open(config.kernel(), config.root(), clock, config.precompressed());
        return new ServerContent(HostTable.of(new Site(config.root().toString(), root)), root::close, null);
    }

    /// Of a directory of hosts.
    static ServerContent ofHosts(ServerConfig config, HostObserver observer) {
        RootOpener opener = RootOpener.plain(config.kernel(), config.precompressed());
        HostDirectory hosts = HostDirectory.open(config.kernel(), config.root(), opener, observer);
        return new ServerContent(hosts.table(), hosts::close, hosts);
    }

    /// What the loops begin with.
    HostTable table() {
        return table;
    }

    /// Hands every change to the loops from now on.
    void follow(ServerLoops loops) {
        if (hosts != null) {
            hosts.watch(loops::adopt);
        }
    }

    /// No change is handed over afterwards. Before the loops end.
    void stop() {
        if (hosts != null) {
            hosts.stop();
        }
    }

    /// After the loops have ended.
    @Override
    public void close() {
        closing.run();
    }
}
