package ringside.loadtest;

import java.nio.charset.StandardCharsets;

/// A target as the data plane needs it: its request in bytes, and what a right answer is.
///
/// @param path as sent
/// @param request whole, ready to be sent; not to be changed
/// @param lengthBytes of the body
/// @param crc32c of the body
@SuppressWarnings("ArrayRecordComponent") // compared by no one; the loops copy it into their buffers
record PreparedTarget(String path, byte[] request, long lengthBytes, long crc32c) {

    static byte[] requestOf(LoadTarget target) {
        return ("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.authority() + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
