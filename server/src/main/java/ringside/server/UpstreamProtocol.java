package ringside.server;

/// How an application is spoken to.
public enum UpstreamProtocol {
    /// <https://fastcgi-archives.github.io/FastCGI_Specification.html>, version 1, in the role of a responder.
    FASTCGI("fastcgi"),
    /// The `uwsgi` protocol, modifier 0: <https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html>.
    UWSGI("uwsgi");

    private final String id;

    UpstreamProtocol(String id) {
        this.id = id;
    }

    /// The name on the command line.
    public String id() {
        return id;
    }

    /// For one connection.
    UpstreamCodec newCodec() {
        return switch (this) {
            case FASTCGI -> new FastCgiCodec();
            case UWSGI -> new UwsgiCodec();
        };
    }
}
