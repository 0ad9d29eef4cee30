package ringside.server;

/// Why a request isn't answered with a file: the closed set of this server's complaints, each with what to do.
///
/// Those about the syntax or the framing of a request close the connection, since nobody knows where the next
/// request begins.
enum Refusal {
    METHOD_SYNTAX(
            Status.BAD_REQUEST, true, "The method is no token: a request starts with a line such as 'GET / HTTP/1.1'."),
    METHOD_TOO_LONG(Status.NOT_IMPLEMENTED, true, "The method is longer than any that exists: use GET or HEAD."),
    TARGET_SYNTAX(
            Status.BAD_REQUEST,
            true,
            "The request target is neither a path that starts with '/' nor an absolute http URI, or holds a character"
                    + " that must be percent-encoded."),
    TARGET_TOO_LONG(Status.URI_TOO_LONG, true, "The request target is longer than this server reads."),
    VERSION_SYNTAX(Status.BAD_REQUEST, true, "The request line doesn't end in a version such as 'HTTP/1.1'."),
    VERSION_UNKNOWN(Status.VERSION_NOT_SUPPORTED, true, "This server speaks HTTP/1.1 and HTTP/1.0."),
    LINE_END(Status.BAD_REQUEST, true, "A line doesn't end in CR LF, or holds a CR elsewhere."),
    FOLDED_FIELD(
            Status.BAD_REQUEST, true, "A field line starts with a blank: folding is obsolete, write it in one line."),
    FIELD_NAME(Status.BAD_REQUEST, true, "A field name is no token, or isn't followed directly by a colon."),
    FIELD_VALUE(Status.BAD_REQUEST, true, "A field value holds a control character."),
    HEAD_TOO_LARGE(Status.HEADER_FIELDS_TOO_LARGE, true, "The request's head is longer than this server reads."),
    HOST_MISSING(Status.BAD_REQUEST, true, "HTTP/1.1 requests need a Host field."),
    HOST_REPEATED(Status.BAD_REQUEST, true, "There is more than one Host field."),
    HOST_SYNTAX(Status.BAD_REQUEST, true, "The host is no name or address with an optional port."),
    LENGTH_SYNTAX(Status.BAD_REQUEST, true, "Content-Length is no plain number."),
    LENGTH_REPEATED(Status.BAD_REQUEST, true, "There is more than one Content-Length field."),
    LENGTH_AND_ENCODING(Status.BAD_REQUEST, true, "Content-Length and Transfer-Encoding exclude each other."),
    ENCODING_IN_1_0(Status.BAD_REQUEST, true, "HTTP/1.0 has no Transfer-Encoding."),
    ENCODING_ENDLESS(
            Status.BAD_REQUEST,
            true,
            "The last Transfer-Encoding isn't 'chunked', or it isn't the only 'chunked': nobody knows where the body ends."),
    ENCODING_UNKNOWN(Status.NOT_IMPLEMENTED, true, "The only Transfer-Encoding that this server takes is 'chunked'."),
    BODY_TOO_LARGE(Status.CONTENT_TOO_LARGE, true, "The request's body is longer than this server takes."),
    BODY_INCOMPLETE(Status.BAD_REQUEST, true, "The request's body ended before all of it had arrived."),
    BODY_TOO_SLOW(Status.REQUEST_TIMEOUT, true, "The request's body didn't arrive in time."),
    CHUNK_SYNTAX(
            Status.BAD_REQUEST,
            true,
            "A chunk doesn't start with its size in hexadecimal digits, or doesn't end with it in CR LF."),
    TRAILER_SYNTAX(Status.BAD_REQUEST, true, "A field after the last chunk isn't well-formed."),
    FRAMING_TOO_LARGE(
            Status.HEADER_FIELDS_TOO_LARGE,
            true,
            "The chunk extensions and trailers of the request are longer than this server reads."),
    EXPECTATION_UNKNOWN(
            Status.EXPECTATION_FAILED, false, "The only expectation that this server meets is '100-continue'."),
    TUNNEL_REFUSED(Status.METHOD_NOT_ALLOWED, true, "This server is no proxy: ask for a path, by GET or HEAD."),
    METHOD_UNKNOWN(Status.NOT_IMPLEMENTED, false, "This server doesn't know the method: use GET or HEAD."),
    METHOD_REFUSED(Status.METHOD_NOT_ALLOWED, false, "Files are served, nothing else: use GET or HEAD."),
    PATH_ENCODING(
            Status.BAD_REQUEST,
            false,
            "A percent sign in the path isn't followed by two hexadecimal digits: write it %25."),
    PATH_NUL(Status.BAD_REQUEST, false, "The path holds a NUL: no file has such a name."),
    PATH_ABOVE_ROOT(Status.BAD_REQUEST, false, "The path leads above the root."),
    HOST_UNKNOWN(Status.MISDIRECTED_REQUEST, false, "This server doesn't serve the host: check the name."),
    HOST_UNNAMED(Status.NOT_FOUND, false, "This server serves several hosts: name one in a Host field."),
    ABSENT(Status.NOT_FOUND, false, "There is no such file here."),
    UNLISTED(Status.FORBIDDEN, false, "This directory has no index, and isn't to be listed."),
    UNREADABLE(Status.FORBIDDEN, false, "The server may not read this file: check its permissions."),
    HEAD_TOO_SLOW(Status.REQUEST_TIMEOUT, true, "The request didn't arrive in time.");

    final Status status;
    final boolean closes;
    final String text;

    Refusal(Status status, boolean closes, String text) {
        this.status = status;
        this.closes = closes;
        this.text = text;
    }
}
