package ringside.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;

/// What a server is to serve, and how.
///
/// @param root the directory that is served, or the webroot; nothing outside it ever is
/// @param engine how bytes get from file to socket
/// @param transport how sockets are driven
/// @param kernel for the server's own system calls
/// @param bind port 0 takes a free one
/// @param threads event loops, at least 1
/// @param cpus event loop i is pinned to the i-th CPU of the set, which has one for each; empty = not pinned
/// @param accessLog whether each answer is a line on standard output, in the Common Log Format
/// @param cacheEntries open files that each event loop keeps at most, at least 1
/// @param limits what one client may cost
/// @param cacheRules what is said about the caching of files; the first that is about a path counts
/// @param precompressed whether a directory's files are sent in the coded forms that stand beside them: `page.html.gz`,
///     `.br`, `.zst`
/// @param content what is made of it
/// @param upstreams the applications that answer some of the paths
public record ServerConfig(
        Path root,
        ChosenEngine engine,
        Transport transport,
        Kernel kernel,
        InetSocketAddress bind,
        int threads,
        Optional<CpuSet> cpus,
        boolean accessLog,
        int cacheEntries,
        HttpLimits limits,
        List<CacheRule> cacheRules,
        boolean precompressed,
        ContentOptions content,
        UpstreamConfig upstreams) {

    public static final int CACHE_ENTRIES_DEFAULT = 1024;

    public ServerConfig {
        cacheRules = List.copyOf(cacheRules);
        if (bind.isUnresolved()) {
            throw new IllegalArgumentException(
                    "the host name '" + bind.getHostString() + "' can't be resolved: name an address of this machine");
        }
        if (threads < 1 || threads > CpuSet.CPUS_MAX) {
            throw new IllegalArgumentException(
                    threads + " threads: choose from 1 to " + CpuSet.CPUS_MAX + ", best one for each CPU");
        }
        if (cacheEntries < 1) {
            throw new IllegalArgumentException("a cache of " + cacheEntries + " files: choose at least 1");
        }
        if (cpus.isPresent() && cpus.get().count() < threads) {
            throw new IllegalArgumentException(threads + " threads can't be pinned to the CPUs " + cpus.get()
                    + ": name one for each thread, or start fewer threads");
        }
    }

    /// A server on 127.0.0.1:8080 with an event loop for each CPU, not pinned, without access lines.
    public static ServerConfig of(Path root, ChosenEngine engine, Transport transport, Kernel kernel) {
        return new ServerConfig(
                root,
                engine,
                transport,
                kernel,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
                Runtime.getRuntime().availableProcessors(),
                Optional.empty(),
                false,
                CACHE_ENTRIES_DEFAULT,
                HttpLimits.DEFAULT,
                List.of(),
                false,
                ContentOptions.PLAIN,
                UpstreamConfig.NONE);
    }

    public ServerConfig withBind(InetSocketAddress bind) {
        return with(copy -> copy.bind = bind);
    }

    public ServerConfig withThreads(int threads) {
        return with(copy -> copy.threads = threads);
    }

    public ServerConfig withCpus(CpuSet cpus) {
        return with(copy -> copy.cpus = Optional.of(cpus));
    }

    public ServerConfig withAccessLog(boolean accessLog) {
        return with(copy -> copy.accessLog = accessLog);
    }

    public ServerConfig withCacheEntries(int cacheEntries) {
        return with(copy -> copy.cacheEntries = cacheEntries);
    }

    public ServerConfig withLimits(HttpLimits limits) {
        return with(copy -> copy.limits = limits);
    }

    public ServerConfig withCacheRules(List<CacheRule> cacheRules) {
        return with(copy -> copy.cacheRules = cacheRules);
    }

    public ServerConfig withPrecompressed(boolean precompressed) {
        return with(copy -> copy.precompressed = precompressed);
    }

    public ServerConfig withContent(ContentOptions content) {
        return with(copy -> copy.content = content);
    }

    public ServerConfig withUpstreams(UpstreamConfig upstreams) {
        return with(copy -> copy.upstreams = upstreams);
    }

    private ServerConfig with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.made();
    }

    /// What may differ from one configuration to the next.
    private static final class Copy {
        private final ServerConfig from;
        private InetSocketAddress bind;
        private int threads;
        private Optional<CpuSet> cpus;
        private boolean accessLog;
        private int cacheEntries;
        private HttpLimits limits;
        private List<CacheRule> cacheRules;
        private boolean precompressed;
        private ContentOptions content;
        private UpstreamConfig upstreams;

        Copy(ServerConfig from) {
            this.from = from;
            this.bind = from.bind;
            this.threads = from.threads;
            this.cpus = from.cpus;
            this.accessLog = from.accessLog;
            this.cacheEntries = from.cacheEntries;
            this.limits = from.limits;
            this.cacheRules = from.cacheRules;
            this.precompressed = from.precompressed;
            this.content = from.content;
            this.upstreams = from.upstreams;
        }

        ServerConfig made() {
            return new ServerConfig(
                    from.root,
                    from.engine,
                    from.transport,
                    from.kernel,
                    bind,
                    threads,
                    cpus,
                    accessLog,
                    cacheEntries,
                    limits,
                    cacheRules,
                    precompressed,
                    content,
                    upstreams);
        }
    }
}
