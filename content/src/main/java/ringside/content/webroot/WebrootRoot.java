package ringside.content.webroot;

import java.nio.file.Path;
import ringside.content.ContentRoot;
import ringside.content.ContentStore;
import ringside.linux.Kernel;

/// A webroot that is served.
public final class WebrootRoot implements ContentRoot {

    private final Webroot webroot;

    private WebrootRoot(Webroot webroot) {
        this.webroot = webroot;
    }

    /// Opens a webroot and verifies every byte of it: a damaged one is not served.
    ///
    /// @throws WebrootException if it is damaged, or none
    /// @throws ringside.linux.KernelException if it can't be opened or read
    public static WebrootRoot open(Kernel kernel, Path file) {
        return new WebrootRoot(Webroot.open(kernel, file, Webroot.Verify.BODIES));
    }

    /// As [#open(Kernel, Path)], of a file that is open already.
    ///
    /// @param file for messages
    /// @param fd open for reading; the root's from now on, and closed if it isn't sound
    /// @param observer may end the verification by an exception
    public static WebrootRoot open(Kernel kernel, Path file, int fd, WebrootCheck.Observer observer) {
        return new WebrootRoot(Webroot.open(kernel, file.toString(), fd, Webroot.Verify.BODIES, observer));
    }

    @Override
    public ContentStore openStore(int entriesMax) {
        return new WebrootStore(webroot, entriesMax);
    }

    @Override
    public String toString() {
        return "webroot of " + webroot.resourceCount() + " resources, identity "
                + webroot.identity().substring(0, 16);
    }

    @Override
    public void close() {
        webroot.close();
    }
}
