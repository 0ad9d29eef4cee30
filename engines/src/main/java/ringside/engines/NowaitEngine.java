package ringside.engines;

import java.lang.foreign.Arena;
import java.util.List;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.PositionedReads;

/// preadv2(2) with `RWF_NOWAIT` on the event loop, and a pool of threads for what isn't in the page cache: hot files
/// cost what they cost with `blocking`, cold ones stall nobody.
final class NowaitEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "nowait",
            List.of(),
            "preadv2(2) RWF_NOWAIT on the event loop, misses on a pool of threads: page cache → buffer → socket",
            "nearly all reads miss: each then costs a system call more than offload; or files are on tmpfs, which"
                    + " can't tell",
            ReadingEngine.options(
                    PoolReader.POOL_THREADS,
                    PoolReader.QUEUE_DEPTH,
                    FileReadOptions.FADVISE,
                    FileReadOptions.DONTCACHE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    /// Asks with a file that is never waited for. Whether a file system can tell shows with its files only: those of
    /// one that can't are read by the pool.
    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        int result = probe(kernel);
        return result == 0
                ? Availability.available("RWF_NOWAIT")
                : Availability.unavailable(
                        "preadv2(2) with RWF_NOWAIT: " + Errno.of(result).label() + ", "
                                + Errno.of(result).meaning(),
                        "Use Linux 4.14 or later; in a container, allow preadv2 in its seccomp profile. offload reads"
                                + " everything on its pool.");
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        FileReadOptions read = FileReadOptions.of(loop.kernel(), options);
        return new NoWaitReader(
                loop,
                read,
                PoolReader.open(
                        loop,
                        read,
                        SPEC.name(),
                        Math.toIntExact(options.get(PoolReader.POOL_THREADS)),
                        Math.toIntExact(options.get(PoolReader.QUEUE_DEPTH))));
    }

    /// @return 0, or the negated errno
    private static int probe(Kernel kernel) {
        OpenFiles files = new OpenFiles(kernel);
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, "/dev/zero", OpenFiles.O_RDONLY, 0);
        if (fd < 0) {
            return (int) fd;
        }
        try (Arena arena = Arena.ofConfined()) {
            long result = new PositionedReads(kernel, arena)
                    .preadv2((int) fd, arena.allocate(1).address(), 1, 0, PositionedReads.RWF_NOWAIT);
            return (int) Math.min(result, 0);
        } finally {
            long ignored = files.close((int) fd);
        }
    }
}
