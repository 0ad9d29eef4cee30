package ringside.content.webroot;

import java.util.Map;
import ringside.content.Encoding;

/// What a webroot has for a path.
public sealed interface WebrootEntry {

    /// A body to send.
    ///
    /// @param body as it is
    /// @param mediaType the value for `Content-Type`
    /// @param mtimeSeconds since 1970: for `Last-Modified`
    /// @param variants the same content compressed; each smaller than `body`
    record File(Body body, String mediaType, long mtimeSeconds, Map<Encoding, Body> variants) implements WebrootEntry {
        public File {
            variants = Map.copyOf(variants);
        }
    }

    /// Somewhere else.
    ///
    /// @param status 301, 302, 303, 307 or 308
    /// @param location the value for `Location`: visible ASCII
    record Redirect(int status, String location) implements WebrootEntry {
        public Redirect {
            if (!isStatus(status)) {
                throw new IllegalArgumentException("a redirect with status " + status + ": 301, 302, 303, 307 or 308");
            }
        }

        static boolean isStatus(int status) {
            return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        }
    }

    /// A directory, asked for without the slash at its end.
    record SlashMissing() implements WebrootEntry {}

    /// A directory that has no index and mustn't be listed.
    record Forbidden() implements WebrootEntry {}
}
