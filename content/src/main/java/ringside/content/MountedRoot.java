package ringside.content;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A root with others mounted in it, and with redirects: for a path the redirect that is exactly its own counts
/// first, then the mount with the longest prefix of whole segments, then the root. A mount hides what the root has
/// there, and no path leads from one root into another.
public final class MountedRoot implements ContentRoot {

    private final ContentRoot root;
    private final List<MountPoint> mounts;
    private final Map<String, Resource.Moved> redirects;

    /// @param root closed with this, as the mounts' roots are
    /// @param redirects by decoded, normalised path
    /// @throws IllegalArgumentException if two mounts have the same prefix
    public MountedRoot(ContentRoot root, List<MountPoint> mounts, Map<String, Resource.Moved> redirects) {
        this.root = root;
        this.mounts = new ArrayList<>(mounts);
        // The longest first: the first that fits is the one.
        this.mounts.sort(
                Comparator.comparingInt((MountPoint mount) -> -mount.prefix().length()));
        this.redirects = new LinkedHashMap<>(redirects);
        Set<String> prefixes = new HashSet<>();
        for (MountPoint mount : mounts) {
            if (!prefixes.add(mount.prefix())) {
                throw new IllegalArgumentException("two mounts at " + mount.prefix() + ": choose one");
            }
        }
    }

    @Override
    public ContentStore openStore(int entriesMax) {
        List<MountedStore> opened = new ArrayList<>();
        try {
            for (MountPoint mount : mounts) {
                opened.add(new MountedStore(
                        mount.prefix().getBytes(StandardCharsets.UTF_8),
                        mount.root().openStore(entriesMax)));
            }
            return new Store(root.openStore(entriesMax), opened.toArray(MountedStore[]::new), keyed());
        } catch (Throwable e) {
            opened.forEach(store -> store.store.close());
            throw e;
        }
    }

    private List<LruTable.Entry> keyed() {
        return redirects.entrySet().stream()
                .map(redirect -> {
                    byte[] path = redirect.getKey().getBytes(StandardCharsets.UTF_8);
                    int hash = LruTable.hash(path, 0, path.length);
                    return LruTable.Entry.of(path, 0, path.length, hash, "", redirect.getValue(), 0);
                })
                .toList();
    }

    @Override
    public void close() {
        for (MountPoint mount : mounts) {
            mount.root().close();
        }
        root.close();
    }

    private static final class MountedStore {
        final byte[] prefix;
        final ContentStore store;

        MountedStore(byte[] prefix, ContentStore store) {
            this.prefix = prefix;
            this.store = store;
        }

        /// By whole segments.
        boolean has(byte[] path, int from, int to) {
            int end = from + prefix.length;
            return end <= to
                    && (end == to || path[end] == '/')
                    && Arrays.equals(prefix, 0, prefix.length, path, from, end);
        }
    }

    private static final class Store implements ContentStore {

        private static final Resource SLASH_MISSING = new Resource.SlashMissing();

        private final ContentStore root;
        private final MountedStore[] mounts;
        private final LruTable redirects;

        Store(ContentStore root, MountedStore[] mounts, List<LruTable.Entry> redirects) {
            this.root = root;
            this.mounts = mounts;
            this.redirects = new LruTable(Math.max(1, redirects.size()));
            redirects.forEach(this.redirects::put);
        }

        @Override
        public Resource find(byte[] path, int from, int to, long second) {
            if (redirects.size() > 0) {
                LruTable.Entry redirect = redirects.get(path, from, to, LruTable.hash(path, from, to));
                if (redirect != null) {
                    return redirect.resource;
                }
            }
            for (MountedStore mount : mounts) {
                if (mount.has(path, from, to)) {
                    int start = from + mount.prefix.length;
                    return start == to ? SLASH_MISSING : moved(mount, mount.store.find(path, start, to, second));
                }
            }
            Resource found = root.find(path, from, to, second);
            return found instanceof Resource.Directory directory ? withMounts(directory, path, from, to) : found;
        }

        /// A listing shows the mounts in its directory too.
        private Resource withMounts(Resource.Directory directory, byte[] path, int from, int to) {
            List<String> names = new ArrayList<>();
            for (MountedStore mount : mounts) {
                byte[] prefix = mount.prefix;
                int length = to - from;
                if (prefix.length > length && Arrays.equals(prefix, 0, length, path, from, to)) {
                    String rest = new String(prefix, length, prefix.length - length, StandardCharsets.UTF_8);
                    if (rest.indexOf('/') < 0) {
                        names.add(rest);
                    }
                }
            }
            return names.isEmpty() ? directory : directory.with(names);
        }

        /// A webroot's own redirects to its own paths lead to where those are now.
        private static Resource moved(MountedStore mount, Resource found) {
            if (found instanceof Resource.Moved(int status, String location)
                    && location.startsWith("/")
                    && !location.startsWith("//")) {
                return new Resource.Moved(status, PathText.encode(mount.prefix) + location);
            }
            return found;
        }

        /// The root's: its pages are a whole site's.
        @Override
        public @Nullable ServedFile errorPage(int status) {
            return root.errorPage(status);
        }

        @Override
        public void forget(ServedFile file) {
            root.forget(file);
            for (MountedStore mount : mounts) {
                mount.store.forget(file);
            }
        }

        @Override
        public void close() {
            for (MountedStore mount : mounts) {
                mount.store.close();
            }
            root.close();
        }
    }
}
