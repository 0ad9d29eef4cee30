package ringside.server;

/// Takes the content of a request's body as it arrives: without transfer coding, in order, each octet once. Called on
/// the connection's event loop, from [HttpConnection] only.
///
/// Back-pressure: a sink that is full takes fewer octets than it is given. What it didn't take stays with the
/// connection, which stops reading from its socket at [HttpLimits#pipelinedBytesMax()]; the sink calls
/// [HttpConnection#resume()] when it has room again.
///
/// Once the request is answered the rest of its body isn't the sink's any more. It may still be given some then, from
/// what was read in the same turn: it takes and drops it. Else a body ends by exactly one of [#ended()] and
/// [#broken(Refusal)], unless
/// the connection closes before: whoever owns the sink learns that by itself.
interface BodySink {

    /// Throws everything away, at once.
    BodySink DRAIN = new BodySink() {
        @Override
        public int content(byte[] octets, int from, int lengthBytes) {
            return lengthBytes;
        }

        @Override
        public void ended() {}

        @Override
        public void broken(Refusal why) {}
    };

    /// Some of the content has arrived.
    ///
    /// @param octets not to be kept, nor written to
    /// @param lengthBytes at least 1
    /// @return how many of them it has taken, from the first on: 0 to `lengthBytes`
    int content(byte[] octets, int from, int lengthBytes);

    /// The body is whole.
    void ended();

    /// The body won't become whole: its framing is wrong, it is too long or too slow, or the client has ended its
    /// output in the middle. Nothing more comes on this connection.
    void broken(Refusal why);
}
