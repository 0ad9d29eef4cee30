package ringside.bench.peer;

import java.nio.file.Path;
import java.util.List;

/// A web server that somebody else wrote, measured as ours is: one worker, on loopback, on a pinned CPU, over
/// its whole process tree.
///
/// A peer is stateless; what belongs to one start is in [PeerSettings]. The registry is [Peers#ALL].
/// Configurations give each peer what is known to help it at this job and switch off what costs and isn't asked
/// for here: logs, compression, limits on the requests of a connection.
public sealed interface Peer permits Nginx, H2o, Lighttpd {

    /// The name on the command line and in results: `nginx-read`.
    String name();

    /// The file name of its program: `nginx`.
    String program();

    /// The package of Debian and Ubuntu that installs it.
    String aptPackage();

    /// One line for listings: what is special about its configuration.
    String summary();

    /// The arguments that make the program print its version and nothing else.
    List<String> versionArguments();

    /// The text of its configuration file.
    String configuration(PeerSettings settings);

    /// The arguments that run it in the foreground, its children aside.
    List<String> arguments(Path configurationFile, PeerSettings settings);
}
