package ringside.content;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Streams that compress. gzip is the JDK's; Brotli and zstd come with native libraries.
public final class Coder {

    /// How much is given for how few bytes.
    public enum Effort {
        /// For what is sent many times: each format's best, or near it where the best takes minutes.
        STORED,
        /// For what is sent once: some 100 MB/s and more, and windows of 256 KiB or less, so that an answer that a slow
        /// client takes its time over keeps less than 2 MiB.
        SENT
    }

    private static final int BUFFER_BYTES = 64 << 10;
    /// Brotli's best level does about half a MiB a second.
    private static final long BROTLI_BEST_BYTES_MAX = 4L << 20;
    private static final int BROTLI_BEST = 11;
    private static final int BROTLI_GOOD = 9;
    /// Beyond it decoders need more memory than browsers give (RFC 9659: 8 MiB windows).
    private static final int ZSTD_BEST = 19;

    private static final int SENT_BUFFER_BYTES = 16 << 10;
    private static final int SENT_WINDOW_BITS = 18;
    private static final int GZIP_SENT = 4;
    private static final int BROTLI_SENT = 4;
    private static final int ZSTD_SENT = 3;

    private Coder() {}

    /// Says whether an encoding can be had here.
    ///
    /// @throws UnsupportedOperationException if not: says why, and what to do
    public static void require(Encoding encoding) {
        try {
            open(encoding, OutputStream.nullOutputStream(), Effort.SENT, 0).close();
        } catch (IOException | LinkageError e) {
            throw new UnsupportedOperationException(
                    "compressing to " + encoding.token() + " can't run here: " + e.getMessage()
                            + ". Leave it out; gzip always works",
                    e);
        }
    }

    /// The same bytes in give the same bytes out, by the same version of the same library.
    ///
    /// @param sink closed with the stream
    /// @param lengthBytes of what will be written, as far as it is known
    /// @return for one thread at a time; closing it gives back what it holds outside the heap
    public static OutputStream open(Encoding encoding, OutputStream sink, Effort effort, long lengthBytes)
            throws IOException {
        boolean sent = effort == Effort.SENT;
        return switch (encoding) {
            case GZIP ->
                sent
                        ? new Gzip(sink, SENT_BUFFER_BYTES, GZIP_SENT)
                        : new Gzip(sink, BUFFER_BYTES, Deflater.BEST_COMPRESSION);
            case BR -> {
                Brotli4jLoader.ensureAvailability();
                int best = lengthBytes <= BROTLI_BEST_BYTES_MAX ? BROTLI_BEST : BROTLI_GOOD;
                yield sent
                        ? new BrotliOutputStream(
                                sink, Encoder.Parameters.create(BROTLI_SENT, SENT_WINDOW_BITS), SENT_BUFFER_BYTES)
                        : new BrotliOutputStream(sink, Encoder.Parameters.create(best), BUFFER_BYTES);
            }
            case ZSTD ->
                sent
                        ? new ZstdOutputStream(sink, ZSTD_SENT).setWindowLog(SENT_WINDOW_BITS)
                        : new ZstdOutputStream(sink, ZSTD_BEST);
        };
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream sink, int bufferBytes, int level) throws IOException {
            super(sink, bufferBytes);
            def.setLevel(level);
        }
    }
}
