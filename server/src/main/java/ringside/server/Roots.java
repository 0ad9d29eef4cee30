package ringside.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.content.ContentRoot;
import ringside.content.DirectoryRoot;
import ringside.content.DirectorySettings;
import ringside.content.MountPoint;
import ringside.content.MountedRoot;
import ringside.content.Resource;
import ringside.content.webroot.RedirectRule;
import ringside.content.webroot.WebrootRoot;
import ringside.linux.Kernel;

/// Opens what a server is to serve.
final class Roots {

    private Roots() {}

    /// @param clock what the file system's times are compared with
    /// @return the root with what is mounted in it, and its redirects
    static ContentRoot open(ServerConfig config, InstantSource clock) {
        ContentOptions site = config.content();
        DirectorySettings settings = settings(config);
        ContentRoot root = open(config.kernel(), config.root(), settings, clock);
        if (site.mounts().isEmpty() && site.redirects().isEmpty()) {
            return root;
        }
        List<MountPoint> mounts = new ArrayList<>();
        try {
            for (Map.Entry<String, Path> mount : site.mounts().entrySet()) {
                mounts.add(new MountPoint(mount.getKey(), open(config.kernel(), mount.getValue(), settings, clock)));
            }
            Map<String, Resource.Moved> redirects = new HashMap<>();
            for (RedirectRule rule : site.redirects()) {
                redirects.put(rule.path(), new Resource.Moved(rule.status(), rule.location()));
            }
            return new MountedRoot(root, mounts, redirects);
        } catch (Throwable e) {
            mounts.forEach(mount -> mount.root().close());
            root.close();
            throw e;
        }
    }

    /// How directories are served.
    static DirectorySettings settings(ServerConfig config) {
        return config.content().directories().withPrecompressed(config.precompressed());
    }

    /// A directory, or a webroot.
    private static ContentRoot open(Kernel kernel, Path path, DirectorySettings settings, InstantSource clock) {
        return Files.isRegularFile(path)
                ? WebrootRoot.open(kernel, path)
                : DirectoryRoot.open(kernel, path, settings, clock);
    }
}
