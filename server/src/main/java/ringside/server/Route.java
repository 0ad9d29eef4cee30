package ringside.server;

import org.jspecify.annotations.Nullable;

/// Answers for paths that aren't content: asked before the content is. One for each event loop, used there only.
interface Route {

    /// @param request the head that is being answered; holds until this returns, as `octets` does
    /// @param octets what the head was read from
    /// @param path holds the decoded, normalised path, starting with `/`
    /// @param from where it starts
    /// @param to after its end
    /// @return null if the path is the content's
    @Nullable
    AnswerMaker find(RequestParser request, byte[] octets, byte[] path, int from, int to);
}
