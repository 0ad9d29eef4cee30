package ringside.server;

import org.jspecify.annotations.Nullable;
import ringside.content.ContentStore;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.content.hosts.HostTable;
import ringside.content.hosts.Site;
import ringside.linux.Errno;
import ringside.linux.KernelException;

/// The content of each host, as one event loop asks for it: a store for each site, opened when the first request for
/// it comes, closed when the site has left the table.
///
/// Belongs to the event loop. A request asks one store: a table that comes meanwhile comes after it.
final class LoopSites {

    private static final int ENTRIES_MIN = 8;

    private final int entriesMax;
    private final byte[] scratch = HostTable.scratch();
    private HostTable table;
    private @Nullable ContentStore[] stores;

    /// @param entriesMax open files to keep, of all sites together
    LoopSites(HostTable table, int entriesMax) {
        this.table = table;
        this.entriesMax = entriesMax;
        this.stores = new ContentStore[table.sites().size()];
        if (table.isSingle()) {
            stores[0] = table.sites().getFirst().root().openStore(entriesMax);
        }
    }

    /// The store of the site that answers for a host; null if none does. Valid until the next table.
    ///
    /// @param octets hold the host, with or without port; nothing may be there
    @Nullable
    ContentStore find(byte[] octets, int from, int to) {
        int site = table.find(octets, from, to, scratch);
        if (site < 0) {
            return null;
        }
        ContentStore store = stores[site];
        return store != null ? store : open(site);
    }

    private ContentStore open(int site) {
        Site wanted = table.sites().get(site);
        int entries = Math.min(entriesMax, Math.max(ENTRIES_MIN, entriesMax / stores.length));
        ContentStore opened;
        try {
            opened = wanted.root().openStore(entries);
        } catch (KernelException first) {
            closeOthers(null);
            try {
                opened = wanted.root().openStore(entries);
            } catch (KernelException e) {
                return new Failed(e.errno());
            }
        }
        stores[site] = opened;
        return opened;
    }

    /// Closes the stores of the other sites, which keep open files that nobody may be sending: when descriptors have
    /// run out. They open again when they are asked for.
    ///
    /// @return whether there were any
    boolean closeOthers(@Nullable ContentStore than) {
        boolean any = false;
        for (int i = 0; i < stores.length; i++) {
            ContentStore store = stores[i];
            if (store != null && !store.equals(than)) {
                stores[i] = null;
                store.close();
                any = true;
            }
        }
        return any;
    }

    /// Takes another table in the place of this one, between two requests.
    void adopt(HostTable next) {
        @Nullable ContentStore[] kept = new ContentStore[next.sites().size()];
        for (int i = 0; i < stores.length; i++) {
            ContentStore store = stores[i];
            if (store != null) {
                int place = next.sites().indexOf(table.sites().get(i));
                if (place >= 0) {
                    kept[place] = store;
                } else {
                    store.close();
                }
            }
        }
        table = next;
        stores = kept;
    }

    /// Closes what isn't being sent.
    void close() {
        closeOthers(null);
    }

    /// For one request: what can't be opened now may be openable for the next.
    private record Failed(Errno errno) implements ContentStore {

        @Override
        public Resource find(byte[] path, int from, int to, long second) {
            return new Resource.Failed(errno);
        }

        @Override
        public void forget(ServedFile file) {}

        @Override
        public void close() {}
    }
}
