package ringside.cli;

import java.time.Duration;
import picocli.CommandLine.Option;
import ringside.engines.ByteSize;
import ringside.server.HttpLimits;

/// What one client may cost a server: the options of `ringside serve` that say so.
final class LimitOptions {

    /// Pipelined requests wait in as much room; a head that may be longer needs more.
    private static final int PIPELINED_HEADS = 4;

    @Option(
            names = "--head-max",
            paramLabel = "SIZE",
            defaultValue = "16k",
            description = "Longest head of a request, line and fields together; a longer one is answered 431"
                    + " (default: ${DEFAULT-VALUE}).")
    private String headMax = "";

    @Option(
            names = "--target-max",
            paramLabel = "SIZE",
            defaultValue = "8k",
            description = "Longest request target, path and query; a longer one is answered 414"
                    + " (default: ${DEFAULT-VALUE}).")
    private String targetMax = "";

    @Option(
            names = "--body-max",
            paramLabel = "SIZE",
            defaultValue = "1m",
            description = "Longest body of a request, chunked or not; a longer one is answered 413"
                    + " (default: ${DEFAULT-VALUE}).")
    private String bodyMax = "";

    @Option(
            names = "--head-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Quantities.Span.class,
            description = "For a request's head to arrive once it has begun; then 408 (default: ${DEFAULT-VALUE})."
                    + " These times are looked at every 5 s.")
    private Duration headTimeout = Duration.ZERO;

    @Option(
            names = "--body-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Quantities.Span.class,
            description = "For a request's body to arrive, and 1 s more for each KiB that has; then 408"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration bodyTimeout = Duration.ZERO;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Quantities.Span.class,
            description = "For which nothing may move on a connection; then it is closed (default: ${DEFAULT-VALUE}).")
    private Duration idleTimeout = Duration.ZERO;

    @Option(
            names = "--requests-max",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Close a connection after so many requests; 0: never for that (default: ${DEFAULT-VALUE}).")
    private int requestsMax;

    /// @throws IllegalArgumentException with a message for a person
    HttpLimits limits() {
        int headBytesMax = bytes("--head-max", headMax);
        return new HttpLimits(
                headBytesMax,
                bytes("--target-max", targetMax),
                ByteSize.parse(bodyMax),
                Math.max(HttpLimits.DEFAULT.pipelinedBytesMax(), PIPELINED_HEADS * headBytesMax),
                Quantities.secondsUp(headTimeout),
                Quantities.secondsUp(bodyTimeout),
                Quantities.secondsUp(idleTimeout),
                HttpLimits.DEFAULT.lingerSeconds(),
                requestsMax);
    }

    private static int bytes(String option, String text) {
        long bytes = ByteSize.parse(text);
        if (bytes < 1 || bytes > 64 << 20) {
            throw new IllegalArgumentException(option + " " + text + ": choose from 1 to 64m");
        }
        return (int) bytes;
    }
}
