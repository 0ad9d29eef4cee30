package ringside.content.webroot;

import java.nio.file.Path;
import ringside.linux.FfmKernel;

/// A build in a process of its own, to be killed.
final class BuildMain {

    private BuildMain() {}

    public static void main(String[] arguments) {
        System.out.print('>');
        System.out.flush();
        BuildPlan plan =
                BuildPlan.builder(Path.of(arguments[0]), Path.of(arguments[1])).build();
        new WebrootBuild(new FfmKernel(), plan, BuildObserver.NONE).run();
    }
}
