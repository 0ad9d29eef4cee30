package ringside.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: ringside, the JVM and the kernel, since all three are part of every number.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "ringside " + number(),
            "JVM " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
            System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch")
        };
    }

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
