package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import ringside.content.Encoding;

/// Brings all of a webroot into another, below a prefix. Bodies are verified on the way. Its error pages stay
/// behind: they are a whole host's. One thread.
final class WebrootGraft implements Webroot.Visitor {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Webroot source;
    private final BuildParts parts;
    private final byte[] prefix;
    private final PathBuffer path = new PathBuffer(new byte[0]);
    /// The numbers of the source's bodies in the result, + 1; 0 where not copied yet.
    private final int[] copied;

    /// @param prefix without a slash at its end
    WebrootGraft(Webroot source, BuildParts parts, String prefix) {
        this.source = source;
        this.parts = parts;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.copied = new int[Math.toIntExact(source.bodyCount())];
    }

    @Override
    public void resource(byte[] octets, WebrootEntry entry) {
        path.truncate(0);
        path.append(prefix);
        path.append(octets);
        if (!parts.sink().isFree(path)) {
            return;
        }
        switch (entry) {
            case WebrootEntry.File file -> parts.sink().file(path, stored(file));
            case WebrootEntry.Redirect(int status, String location) ->
                parts.sink().redirect(path, status, isOwnPath(location) ? prefixed(location) : location);
            case WebrootEntry.SlashMissing _ -> parts.sink().slashMissing(path);
            case WebrootEntry.Forbidden _ -> parts.sink().forbidden(path);
        }
    }

    private static boolean isOwnPath(String location) {
        return location.startsWith("/") && !location.startsWith("//");
    }

    private String prefixed(String location) {
        StringBuilder text = new StringBuilder();
        for (byte octet : prefix) {
            boolean plain = octet > ' ' && octet < 0x7F && octet != '%' && octet != '?' && octet != '#';
            text.append(plain ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xFF));
        }
        return text.append(location).toString();
    }

    private StoredFile stored(WebrootEntry.File file) {
        int body = copy(file.body());
        int[] ids = new int[file.variants().size()];
        int encodings = 0;
        int count = 0;
        for (Encoding encoding : Encoding.values()) {
            Body variant = file.variants().get(encoding);
            if (variant != null) {
                ids[count++] = copy(variant);
                encodings |= encoding.bit();
            }
        }
        parts.tally().variants += count;
        return new StoredFile(
                body,
                file.mediaType(),
                file.body().lengthBytes(),
                parts.plan().mtimeSeconds().orElse(file.mtimeSeconds()),
                encodings,
                count == 0 ? 0 : parts.writer().variants(ids));
    }

    private int copy(Body body) {
        int id = (int) body.id();
        if (copied[id] != 0) {
            return copied[id] - 1;
        }
        BodyStore bodies = parts.writer().bodies();
        int known = bodies.count();
        try (Arena arena = Arena.ofConfined()) {
            PositionedFile file = new PositionedFile(source.kernel(), arena, source.fd(), source.path());
            long done = 0;
            while (done < body.lengthBytes()) {
                MemorySegment room = bodies.room();
                long part = Math.min(Math.min(room.byteSize(), CHUNK_BYTES), body.lengthBytes() - done);
                long read = file.fill(room.asSlice(0, part), body.offset() + done);
                if (read < part) {
                    throw new WebrootException(Damage.LENGTH, source.path(), "it was cut off while it was read");
                }
                bodies.filled(read);
                done += read;
                parts.tally().readBytes += read;
                parts.tally().progress();
            }
        }
        int copy = bodies.end();
        requireSame(body, copy);
        if (copy < known) {
            parts.tally().duplicates++;
        }
        copied[id] = copy + 1;
        return copy;
    }

    private void requireSame(Body body, int copy) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(Layout.BODY_BYTES);
            parts.writer().bodies().locate(copy, entry);
            byte[] digest = new byte[Layout.SHA256_BYTES];
            MemorySegment.copy(entry, Layout.U8, Layout.BODY_SHA256, digest, 0, digest.length);
            if (!Arrays.equals(digest, HexFormat.of().parseHex(body.sha256()))) {
                throw new WebrootException(
                        Damage.BODY, source.path(), "body " + body.id() + " differs from its digest");
            }
        }
    }

    void run() {
        Map<Integer, WebrootEntry.File> left = source.errorPages();
        if (!left.isEmpty()) {
            parts.tally().observer().note("the error pages of " + source.path() + " are left out: name them again.");
        }
        source.visit(this);
    }
}
