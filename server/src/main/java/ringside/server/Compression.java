package ringside.server;

import java.util.ArrayList;
import java.util.List;
import ringside.content.Coder;
import ringside.content.Encoding;
import ringside.content.MediaTypes;

/// What is compressed while it is sent, where no form of it is stored.
///
/// @param encodings that are offered, the most preferred first; at least one
/// @param bytesMin shorter files are sent as they are
public record Compression(List<Encoding> encodings, long bytesMin) {

    /// Below it the head and the chunks cost what the compressing saves.
    public static final int BYTES_MIN_DEFAULT = 1024;

    public Compression {
        encodings = List.copyOf(encodings);
        if (encodings.isEmpty() || bytesMin < 0) {
            throw new IllegalArgumentException("compression to " + encodings + " from " + bytesMin
                    + " bytes up: choose at least one of gzip, br, zstd, and no negative length");
        }
    }

    /// @param tokens as `Content-Encoding` has them
    /// @throws UnsupportedOperationException if one can't be had here
    public static Compression of(List<String> tokens, long bytesMin) {
        List<Encoding> encodings = new ArrayList<>();
        for (String token : tokens) {
            Encoding encoding = Encoding.of(token);
            Coder.require(encoding);
            encodings.add(encoding);
        }
        return new Compression(encodings, bytesMin);
    }

    /// Whether something gets shorter by it, as far as type and length tell.
    ///
    /// @param lengthBytes [MadeAnswer#UNKNOWN] for what will be as long as it will be
    boolean isFor(String mediaType, long lengthBytes) {
        return (lengthBytes == MadeAnswer.UNKNOWN || lengthBytes >= bytesMin) && MediaTypes.isCompressible(mediaType);
    }
}
