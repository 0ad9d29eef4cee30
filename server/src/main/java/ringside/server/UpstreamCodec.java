package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/// The octets of one connection to an application: writes requests, reads what comes back. One request at a time. On
/// the connection's event loop.
interface UpstreamCodec {

    /// A meta-variable of RFC 3875 §4.1. The octets are the characters of ISO 8859-1.
    record Variable(String name, String value) {}

    /// What comes back, in order. The slices are the receiver's to release.
    interface Output {

        /// A part of the answer as a CGI script would write it, head and body.
        void answer(ByteBuf part);

        /// A part of what the application says to its operator.
        void error(ByteBuf part);

        /// The answer is whole.
        void answerEnded();

        /// The application doesn't keep to the protocol, or refuses: nothing more is to be expected.
        ///
        /// @param why a sentence for a person, without its full stop
        void answerBroken(String why);
    }

    /// The most octets that [#content] takes at once.
    int contentBytesMax();

    /// What goes before a request's body.
    ///
    /// @param keep whether the connection is to stay open after the answer, if the protocol can say so
    /// @return the caller's
    /// @throws IllegalArgumentException when the variables are more than the protocol can carry
    ByteBuf begin(ByteBufAllocator allocator, List<Variable> variables, boolean keep);

    /// A part of a request's body.
    ///
    /// @return the caller's
    ByteBuf content(ByteBufAllocator allocator, byte[] octets, int from, int lengthBytes);

    /// What goes after it.
    ///
    /// @return the caller's; may be empty
    ByteBuf end(ByteBufAllocator allocator);

    /// Reads what has arrived to its end. `in` stays the caller's.
    void read(ByteBuf in, Output to);

    /// The application has closed the connection in good order.
    void closed(Output to);

    /// Whether the connection can carry another request, now that an answer has ended.
    boolean reusable();
}
