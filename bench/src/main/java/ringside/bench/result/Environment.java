package ringside.bench.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The machine as the run found it. A text that can't be known is `"unmeasurable: why"`
/// ([Measured#unmeasurableText]).
///
/// @param kernelRelease `uname -r`
/// @param kernelCommandLine /proc/cmdline
/// @param mitigations each file of /sys/devices/system/cpu/vulnerabilities and its content
/// @param cpuModel model name of /proc/cpuinfo
/// @param cpuCount logical CPUs that the run could use
/// @param memoryBytes MemTotal
/// @param operatingSystem PRETTY_NAME of os-release
/// @param dataFileSystem file system type under the served files
/// @param dataDevice its source
/// @param dataMountOptions its mount options
/// @param jdkVendor java.vendor
/// @param jdkVersion java.runtime.version
/// @param jvmFlags of the server's JVM
/// @param serverCpus CPUs of the server in the kernel's list format: `0`, `2-3,6`
/// @param generatorCpus CPUs of the generator
/// @param peerVersions what each peer says its version is, by peer name
public record Environment(
        String kernelRelease,
        String kernelCommandLine,
        Map<String, String> mitigations,
        String cpuModel,
        Measured cpuCount,
        Measured memoryBytes,
        String operatingSystem,
        String dataFileSystem,
        String dataDevice,
        String dataMountOptions,
        String jdkVendor,
        String jdkVersion,
        List<String> jvmFlags,
        String serverCpus,
        String generatorCpus,
        Map<String, String> peerVersions) {
    public Environment {
        mitigations = Collections.unmodifiableMap(new TreeMap<>(mitigations));
        jvmFlags = List.copyOf(jvmFlags);
        peerVersions = Collections.unmodifiableMap(new TreeMap<>(peerVersions));
        Require.text("kernelRelease", kernelRelease);
        Require.text("kernelCommandLine", kernelCommandLine);
        Require.text("cpuModel", cpuModel);
        Require.text("operatingSystem", operatingSystem);
        Require.text("dataFileSystem", dataFileSystem);
        Require.text("dataDevice", dataDevice);
        Require.text("dataMountOptions", dataMountOptions);
        Require.text("jdkVendor", jdkVendor);
        Require.text("jdkVersion", jdkVersion);
        Require.text("serverCpus", serverCpus);
        Require.text("generatorCpus", generatorCpus);
        Require.notNegative("cpuCount", cpuCount);
        Require.notNegative("memoryBytes", memoryBytes);
    }
}
