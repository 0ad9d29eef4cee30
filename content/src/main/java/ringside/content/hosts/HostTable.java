package ringside.content.hosts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which site answers for which host. Immutable; a change is another table, which takes the place of the one before
/// between two requests of an event loop.
///
/// Any thread.
public final class HostTable {

    private final Map<String, Site> byName;
    private final @Nullable Site otherwise;
    private final List<Site> sites;
    /// Open addressing: a name's slot is its hash's, or one of those that follow without a gap.
    private final @Nullable Slot[] slots;

    private final int otherwiseIndex;

    private static final class Slot {
        final byte[] name;
        final int site;

        Slot(byte[] name, int site) {
            this.name = name;
            this.site = site;
        }
    }

    private HostTable(Map<String, Site> byName, @Nullable Site otherwise) {
        this.byName = byName;
        this.otherwise = otherwise;
        Map<Site, Integer> numbers = new HashMap<>();
        List<Site> ordered = new ArrayList<>();
        byName.values().forEach(site -> number(site, numbers, ordered));
        this.otherwiseIndex = otherwise == null ? -1 : number(otherwise, numbers, ordered);
        this.sites = List.copyOf(ordered);
        this.slots = new Slot[Integer.highestOneBit(byName.size()) << 2];
        byName.forEach((name, site) -> {
            byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
            int i = hash(octets, octets.length) & (slots.length - 1);
            while (slots[i] != null) {
                i = i + 1 & (slots.length - 1);
            }
            slots[i] = new Slot(octets, number(site, numbers, ordered));
        });
    }

    private static int number(Site site, Map<Site, Integer> numbers, List<Site> ordered) {
        return numbers.computeIfAbsent(site, s -> {
            ordered.add(s);
            return ordered.size() - 1;
        });
    }

    /// One site for every host.
    public static HostTable of(Site only) {
        return new HostTable(Map.of(), only);
    }

    /// @param byName by the names' forms
    static HostTable of(Map<String, Site> byName, @Nullable Site otherwise) {
        return new HostTable(new TreeMap<>(byName), otherwise);
    }

    /// All sites, each once, in an order that [#find] refers to.
    public List<Site> sites() {
        return sites;
    }

    /// How many names there are, the rest's not counted.
    public int nameCount() {
        return byName.size();
    }

    /// Whether every host is answered for by the same site.
    public boolean isSingle() {
        return byName.isEmpty() && otherwise != null;
    }

    /// Finds the site of a host. Allocates nothing.
    ///
    /// @param octets hold the host as a request names it, with or without port, from `from` to `to`; nothing may be
    ///     there
    /// @param scratch of the caller's, with room for 253 bytes
    /// @return a place in [#sites()], or −1 if nothing answers for the host
    public int find(byte[] octets, int from, int to, byte[] scratch) {
        if (slots.length == 0) {
            return otherwiseIndex;
        }
        int length = HostName.write(octets, from, to, scratch);
        if (length < 0) {
            return otherwiseIndex;
        }
        int i = hash(scratch, length) & (slots.length - 1);
        for (Slot slot = slots[i]; slot != null; slot = slots[i]) {
            if (Arrays.equals(slot.name, 0, slot.name.length, scratch, 0, length)) {
                return slot.site;
            }
            i = i + 1 & (slots.length - 1);
        }
        return otherwiseIndex;
    }

    /// What a caller of [#find] brings.
    public static byte[] scratch() {
        return new byte[HostName.BYTES_MAX];
    }

    /// Whether the same sites answer for the same hosts.
    @SuppressWarnings("ReferenceEquality") // sites are told apart by identity
    boolean isSame(HostTable other) {
        return otherwise == other.otherwise && byName.equals(other.byName);
    }

    private static int hash(byte[] bytes, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ hash >>> 16;
    }
}
