package ringside.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A target as the data plane needs it: its request in bytes, and what a right answer is.
///
/// @param path as sent
/// @param request whole, ready to be sent; not to be changed
/// @param lengthBytes of the body
/// @param crc32c of the body
/// @param unmodified whether the right answer is 304
@SuppressWarnings("ArrayRecordComponent") // compared by no one; the loops copy it into their buffers
record PreparedTarget(String path, byte[] request, long lengthBytes, long crc32c, boolean unmodified) {

    /// @param fields lines beside `Host`
    static byte[] requestOf(LoadTarget target, List<String> fields) {
        StringBuilder request = new StringBuilder("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.authority());
        fields.forEach(field -> request.append("\r\n").append(field));
        return request.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
