package ringside.content.webroot;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import ringside.content.Encoding;

/// Compresses once what is sent many times: at each format's best, or near it where the best takes minutes.
/// The same bytes in give the same bytes out.
final class Compressors {

    private static final int BUFFER_BYTES = 64 << 10;
    /// Brotli's best level does about half a MiB a second.
    private static final long BROTLI_BEST_BYTES_MAX = 4L << 20;
    private static final int BROTLI_BEST = 11;
    private static final int BROTLI_GOOD = 9;
    /// Beyond it decoders need more memory than browsers give (RFC 9659: 8 MiB windows).
    private static final int ZSTD_LEVEL = 19;

    private Compressors() {}

    /// Says whether an encoding can be had here: gzip is the JDK's, the others come with native libraries.
    ///
    /// @throws BuildException if not
    static void require(Encoding encoding) {
        try {
            open(encoding, OutputStream.nullOutputStream(), 0).close();
        } catch (IOException | LinkageError e) {
            throw new BuildException("--compress " + encoding.token() + " can't run here: " + e.getMessage()
                    + ". Leave it out; gzip always works");
        }
    }

    /// @param sink closed with the stream
    static OutputStream open(Encoding encoding, OutputStream sink, long lengthBytes) throws IOException {
        return switch (encoding) {
            case GZIP -> new BestGzip(sink);
            case BR -> {
                Brotli4jLoader.ensureAvailability();
                int quality = lengthBytes <= BROTLI_BEST_BYTES_MAX ? BROTLI_BEST : BROTLI_GOOD;
                yield new BrotliOutputStream(sink, Encoder.Parameters.create(quality), BUFFER_BYTES);
            }
            case ZSTD -> new ZstdOutputStream(sink, ZSTD_LEVEL);
        };
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream sink) throws IOException {
            super(sink, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
