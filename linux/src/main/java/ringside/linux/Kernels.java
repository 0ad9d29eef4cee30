package ringside.linux;

import java.util.List;

/// The ways into the kernel that a run can choose, by name.
public final class Kernels {

    /// The default first.
    public static final List<String> NAMES = List.of("ffm", "jna");

    private Kernels() {}

    /// @return [FfmKernel] for `ffm`, [JnaKernel] for `jna`; behind a [BurningKernel] where its property is set
    /// @throws IllegalArgumentException for another name
    /// @throws UnsupportedOperationException on a machine whose system call numbers ringside doesn't have
    public static Kernel byName(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "unknown way into the kernel '" + name + "': choose one of " + String.join(", ", NAMES));
        }
        requireSupported(System.getProperty("os.name", "?"), System.getProperty("os.arch", "?"));
        Kernel kernel = name.equals("ffm") ? new FfmKernel() : new JnaKernel();
        String burn = System.getProperty(BurningKernel.PROPERTY, "");
        return burn.isEmpty() ? kernel : BurningKernel.parse(kernel, burn);
    }

    static void requireSupported(String system, String architecture) {
        if (!system.equals("Linux") || !architecture.equals("amd64")) {
            throw new UnsupportedOperationException("ringside makes system calls by their numbers on Linux x86-64, and"
                    + " this is " + system + " " + architecture
                    + ": run it on Linux x86-64, or in a virtual machine of that kind");
        }
    }
}
