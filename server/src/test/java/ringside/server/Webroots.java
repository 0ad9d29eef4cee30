package ringside.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.WebrootBuild;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Webroots for tests: quickly made, not synced to the device.
final class Webroots {

    private Webroots() {}

    /// @param files contents by path relative to the root
    static Path build(Path webroot, Map<String, byte[]> files) throws IOException {
        Path tree = Files.createTempDirectory(webroot.toAbsolutePath().getParent(), ".tree");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = tree.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return pack(tree, webroot);
    }

    static Path pack(Path tree, Path webroot) {
        new WebrootBuild(
                        new Unsynced(new FfmKernel()),
                        BuildPlan.builder(tree, webroot).build(),
                        BuildObserver.NONE)
                .run();
        return webroot;
    }

    private record Unsynced(Kernel kernel) implements Kernel {

        @Override
        public String name() {
            return kernel.name();
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            boolean sync = call == Syscall.FSYNC || call == Syscall.FDATASYNC;
            return sync ? 0 : kernel.call(call, a0, a1, a2, a3, a4, a5);
        }
    }
}
