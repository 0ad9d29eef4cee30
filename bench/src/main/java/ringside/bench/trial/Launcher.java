package ringside.bench.trial;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start another JVM of ours: which `java`, with which flags, on which class path, with which main class.
///
/// @param java the program
/// @param flags of the JVM, before the class path
/// @param classPath as `-cp` takes it
/// @param mainClass its arguments are those of the `ringside` command: `serve …`, `load …`
public record Launcher(Path java, List<String> flags, String classPath, String mainClass) {

    public Launcher {
        flags = List.copyOf(flags);
        if (!Files.isExecutable(java)) {
            throw new IllegalArgumentException("no program at " + java + " to start a JVM with");
        }
        if (classPath.isBlank() || mainClass.isBlank()) {
            throw new IllegalArgumentException("a launcher needs a class path and a main class");
        }
    }

    /// Starts what this JVM is: the same program, flags and class path. Agents (debugger, profiler, coverage)
    /// are left out, since their ports and files are taken and they aren't what is to be measured;
    /// nor is an AOT cache recorded a second time.
    public static Launcher likeThisProcess(String mainClass) {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent"))
                .filter(flag -> !flag.startsWith("-agentpath") && !flag.startsWith("-XX:AOTCacheOutput"))
                .toList();
        return new Launcher(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                flags,
                System.getProperty("java.class.path"),
                mainClass);
    }

    /// Without the ahead-of-time cache, which belongs to one jar and one set of flags: where servers of several stand
    /// side by side, none has it.
    public Launcher withoutAotCache() {
        return new Launcher(
                java,
                flags.stream().filter(flag -> !flag.startsWith("-XX:AOTCache")).toList(),
                classPath,
                mainClass);
    }

    /// The command line that runs `arguments` with another build.
    ///
    /// @param jvmFlags beside the usual ones; a collector among them takes the place of the usual one
    public List<String> command(Build build, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        boolean ownCollector = jvmFlags.stream().anyMatch(Launcher::isCollector);
        flags.stream().filter(flag -> !(ownCollector && isCollector(flag))).forEach(command::add);
        command.addAll(jvmFlags);
        switch (build) {
            case Build.Own _ -> command.addAll(List.of("-cp", classPath, mainClass));
            case Build.Jar(Path jar, String _) -> command.addAll(List.of("-jar", jar.toString()));
            case Build.Commit(String _, Path jar) -> command.addAll(List.of("-jar", jar.toString()));
        }
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private static boolean isCollector(String flag) {
        return flag.matches("-XX:\\+Use.*GC");
    }

    /// The command line that runs `arguments`.
    public List<String> command(List<String> arguments) {
        return command(new Build.Own(), List.of(), arguments);
    }
}
