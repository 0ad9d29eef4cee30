package ringside.engines;

import java.util.List;
import ringside.linux.Kernel;

/// Linux AIO on buffered files, what many a server does under the name of asynchronous reads: io_submit(2) makes the
/// whole read before it returns, so that it is pread(2) with a queue around it. It is here to be compared with.
final class LinuxAioEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "linux-aio",
            List.of("async"),
            "io_submit(2): page cache → buffer → socket, one system call for the reads of a turn of the loop",
            "files may be cold: io_submit(2) waits for the device as pread(2) does, and for all reads of its batch",
            ReadingEngine.options(AioReader.QUEUE_DEPTH, FileReadOptions.FADVISE, FileReadOptions.DONTCACHE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return AioReader.probe(kernel);
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        FileReadOptions reads = FileReadOptions.of(loop.kernel(), options);
        return AioReader.open(
                loop, new BufferedAccess(reads), false, Math.toIntExact(options.get(AioReader.QUEUE_DEPTH)));
    }
}
