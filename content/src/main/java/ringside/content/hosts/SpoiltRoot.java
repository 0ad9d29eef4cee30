package ringside.content.hosts;

import ringside.content.ContentRoot;
import ringside.content.ContentStore;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.linux.Errno;

/// In the place of a webroot that was written into while it was served: neither its old content nor the new one is
/// there. Says so to every request, until something sound takes the place.
final class SpoiltRoot implements ContentRoot {

    static final Site SITE = new Site("a webroot that was written into", new SpoiltRoot());

    private static final Resource BUSY = new Resource.Failed(Errno.of(-Errno.EBUSY));

    private SpoiltRoot() {}

    @Override
    public ContentStore openStore(int entriesMax) {
        return new ContentStore() {
            @Override
            public Resource find(byte[] path, int from, int to, long second) {
                return BUSY;
            }

            @Override
            public void forget(ServedFile file) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
