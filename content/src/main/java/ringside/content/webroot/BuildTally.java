package ringside.content.webroot;

import java.util.concurrent.CancellationException;

/// What a build has counted, and whether somebody wants it to stop. Counts belong to the build's thread; any
/// thread may ask for the stop.
final class BuildTally {

    private final BuildObserver observer;
    private volatile boolean stopped;
    long files;
    long directories;
    long readBytes;
    long duplicates;
    long variants;
    long skippedHidden;
    long skippedSpecial;
    long skippedLinks;

    BuildTally(BuildObserver observer) {
        this.observer = observer;
    }

    BuildObserver observer() {
        return observer;
    }

    void stop() {
        stopped = true;
    }

    /// @throws CancellationException when the build is to stop
    void progress() {
        if (stopped) {
            throw new CancellationException("stopped before the webroot was whole: nothing was written");
        }
        observer.progress(files, readBytes);
    }
}
