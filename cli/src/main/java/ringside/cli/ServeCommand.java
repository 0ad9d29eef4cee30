package ringside.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.ledger.ServerCounts;
import ringside.bench.trial.CountsLine;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;
import ringside.linux.Kernels;
import ringside.server.CacheRule;
import ringside.server.ContentOptions;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// `ringside serve DIR|WEBROOT`, `ringside serve --vhosts DIR`: a directory, a webroot or virtual hosts over HTTP/1.1
/// until SIGTERM or Ctrl-C.
///
/// The first line on standard output is `listening on http://HOST:PORT`, once connections are accepted;
/// programs wait for it.
@Command(
        name = "serve",
        description = {
            "Serves a directory, a webroot, or virtual hosts over HTTP/1.1: GET, HEAD and OPTIONS, keep-alive, pipelining, "
                    + "conditional requests, ranges, compressed forms.",
            "",
            "A webroot (see 'ringside mkroot') is read through and verified first: a damaged one isn't served. Nothing"
                    + " outside the directory is served, whatever links lead there. SIGTERM or Ctrl-C drains: transfers"
                    + " under way are finished first."
        },
        footer = {
            "",
            "Examples:",
            "  ringside serve . --engine sendfile --transport epoll",
            "  ringside serve --vhosts /srv/hosts",
            "  ringside serve /srv/www --engine uring:queue-depth=256 --port 80 --pin 0-3",
            "  ringside serve site --list --error-page 404=/404.html",
            "  ringside serve site --compress br,gzip --cache-control '*.css=max-age=3600'",
            "  ringside serve site --mount /docs=manual.webroot --redirect /blog=/news/,302"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    /// For what comes after the drain: closing the loops.
    private static final Duration CLOSING = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|WEBROOT",
            description = "The directory or webroot to serve, for every host.")
    private @Nullable Path root;

    @Option(
            names = "--vhosts",
            paramLabel = "DIR",
            description = "Serve virtual hosts instead: each entry of this directory is a webroot, a directory, or a"
                    + " link to one, and its name the host's; __default__ answers for all others. Entries that come, go"
                    + " or are replaced are followed while it serves.")
    private @Nullable Path vhosts;

    @Option(
            names = {"-e", "--engine"},
            defaultValue = "blocking",
            paramLabel = "NAME[:OPTION=VALUE,...]",
            description = "How bytes get from file to socket; 'ringside engines -v' lists names and options"
                    + " (default: ${DEFAULT-VALUE}).")
    private String engine = "";

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description =
                    "How sockets are driven: nio, epoll or io_uring (default: epoll, or nio where epoll can't run).")
    private @Nullable String transport;

    @Option(
            names = {"-b", "--bind"},
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String bind = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "COUNT",
            description = "Event loops (default: one per CPU, or per CPU of --pin).")
    private @Nullable Integer threads;

    @Option(
            names = "--pin",
            paramLabel = "CPUS",
            description = "CPUs to pin the event loops to, one each: 0 or 2-3,5 (default: not pinned).")
    private @Nullable String pin;

    @Option(names = "--access-log", description = "Print a line per answer (Common Log Format).")
    private boolean accessLog;

    @Option(
            names = "--cache-entries",
            paramLabel = "COUNT",
            defaultValue = ServerConfig.CACHE_ENTRIES_DEFAULT + "",
            description = "Open files that each event loop keeps at most (default: ${DEFAULT-VALUE}).")
    private int cacheEntries;

    @Mixin
    private SiteOptions site = new SiteOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Mixin
    private UpstreamOptions upstreams = new UpstreamOptions();

    @Option(
            names = "--cache-control",
            paramLabel = "GLOB=VALUE",
            description = "What to say about the caching of the files that GLOB names, repeatable, the first that"
                    + " matches counts: '/assets/**=public, max-age=31536000, immutable'. '*' stops at slashes, '**'"
                    + " doesn't, '*.css' is about names anywhere. Expires follows from max-age.")
    private List<String> cacheControl = List.of();

    @Option(
            names = "--precompressed",
            description =
                    "Of a directory: send x.gz, x.br or x.zst for x where Accept-Encoding allows it and it isn't older"
                            + " than x. Each is an open file more than --cache-entries counts.")
    private boolean precompressed;

    @Option(
            names = "--kernel",
            paramLabel = "NAME",
            defaultValue = "ffm",
            description = "How system calls are made: ffm or jna (default: ${DEFAULT-VALUE}).")
    private String kernelName = "";

    @Option(
            names = "--counts",
            description =
                    "Answer each line on standard input by a line of JSON that says what was counted so far: answers,"
                            + " bytes allocated on the Java heap, and what the engine counts. For programs.")
    private boolean counts;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Quantities.Span.class,
            description = "How long transfers under way may go on after SIGTERM or Ctrl-C, before they are cut"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration drain = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerConfig config = Failure.asUsage(spec, this::config);
        CountDownLatch stop = new CountDownLatch(1);
        try (Interrupt _ = Interrupt.onSignal(stop::countDown, drain.plus(CLOSING));
                HttpServer server = start(config)) {
            InetSocketAddress address = server.address();
            System.out.println("listening on http://" + literal(address) + ":" + server.port());
            System.out.println("serving " + (vhosts == null ? "" : "the hosts of ") + config.root() + " by "
                    + config.engine().name() + " on "
                    + config.transport().id() + ", " + config.threads()
                    + (config.threads() == 1 ? " event loop" : " event loops"));
            System.out.flush();
            if (counts) {
                CountsLine.answer(System.in, () -> ServerCounts.of(server), System.out);
            }
            stop.await();
            int cut = server.drain(drain);
            if (cut > 0) {
                System.err.printf(
                        Locale.ROOT,
                        "ringside serve: %d %s cut after %s%n",
                        cut,
                        cut == 1 ? "connection was" : "connections were",
                        Quantities.text(drain));
            }
        }
        return 0;
    }

    private HttpServer start(ServerConfig config) throws IOException {
        return vhosts == null ? HttpServer.start(config) : HttpServer.startHosts(config, new HostReports());
    }

    private ServerConfig config() {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ": choose from 0 to 65535; 0 takes a free one");
        }
        if ((root == null) == (vhosts == null)) {
            throw new IllegalArgumentException(
                    root == null
                            ? "nothing to serve: name a directory or a webroot, or virtual hosts by --vhosts DIR"
                            : "one thing too many to serve: name " + root + " or --vhosts " + vhosts + ", not both");
        }
        ContentOptions content = site.content();
        if (vhosts != null
                && !(content.mounts().isEmpty() && content.redirects().isEmpty())) {
            throw new IllegalArgumentException(
                    "--mount and --redirect belong to one site: name a directory or a webroot"
                            + " to serve, not --vhosts; or pack them into a host's webroot (ringside mkroot)");
        }
        Kernel kernel = Kernels.byName(kernelName);
        ChosenEngine chosen = ChosenEngine.parse(engine);
        Transport chosenTransport = transport == null ? Transport.preferred() : Transport.byId(transport);
        Optional<CpuSet> cpus = Optional.ofNullable(pin).map(CpuSet::parse);
        int loops = threads != null
                ? threads
                : cpus.map(CpuSet::count).orElse(Runtime.getRuntime().availableProcessors());
        ServerConfig config = ServerConfig.of(root != null ? root : vhosts, chosen, chosenTransport, kernel)
                .withBind(new InetSocketAddress(bind, port))
                .withThreads(loops)
                .withAccessLog(accessLog)
                .withCacheEntries(cacheEntries)
                .withLimits(limits.limits())
                .withCacheRules(cacheControl.stream().map(CacheRule::parse).toList())
                .withPrecompressed(precompressed)
                .withContent(content)
                .withUpstreams(upstreams.upstreams());
        return cpus.map(config::withCpus).orElse(config);
    }

    private static String literal(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
