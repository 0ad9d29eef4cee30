package ringside.engines;

import java.util.List;
import ringside.linux.Kernel;

/// `O_DIRECT` and Linux AIO: every byte comes from the device, every time.
final class DirectEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "direct",
            List.of("dio"),
            "O_DIRECT, io_submit(2): device → buffer → socket, past the page cache",
            "files are asked for more than once and would fit in memory: nothing is ever cached",
            ReadingEngine.options(AioReader.QUEUE_DEPTH));

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
        return AioReader.open(
                loop,
                new DirectAccess(loop.kernel(), false),
                true,
                Math.toIntExact(options.get(AioReader.QUEUE_DEPTH)));
    }
}
