package ringside.engines;

import java.util.List;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.LinuxAio;

/// `O_DIRECT` and Linux AIO: every byte comes from the device, every time.
final class DirectEngine implements ReadingEngine {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth",
            64,
            1,
            4096,
            "Reads that an event loop has under way at once; further ones wait. Counts against sysctl fs.aio-max-nr.");

    private static final EngineSpec SPEC = new EngineSpec(
            "direct",
            List.of("dio"),
            "O_DIRECT, io_submit(2): device → buffer → socket, past the page cache",
            "files are asked for more than once and would fit in memory: nothing is ever cached",
            ReadingEngine.options(QUEUE_DEPTH));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        try (LinuxAio aio = new LinuxAio(kernel, Math.toIntExact(QUEUE_DEPTH.defaultValue()))) {
            return aio.reapsMappedRing() ? Availability.available("mapped completion ring") : Availability.available();
        } catch (KernelException e) {
            return refused(e.errno());
        }
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        return DirectReader.open(loop, Math.toIntExact(options.get(QUEUE_DEPTH)));
    }

    private static Availability refused(Errno errno) {
        return switch (errno.number()) {
            case Errno.EAGAIN ->
                Availability.unavailable(
                        "all of the system's AIO requests are taken (sysctl fs.aio-nr has reached fs.aio-max-nr)",
                        "As root, `sysctl -w fs.aio-max-nr=1048576`, or stop the programs that hold them.");
            case Errno.ENOSYS ->
                Availability.unavailable(
                        "the kernel has no io_setup(2): built without CONFIG_AIO, or a seccomp filter hides it",
                        "Use a kernel with CONFIG_AIO; in a container, allow io_setup, io_submit, io_getevents and"
                                + " io_destroy in its seccomp profile.");
            case Errno.EPERM ->
                Availability.unavailable(
                        "io_setup(2) is not permitted: a seccomp filter or security module forbids it",
                        "In a container, allow io_setup, io_submit, io_getevents and io_destroy in its seccomp"
                                + " profile.");
            default ->
                Availability.unavailable("io_setup(2): " + errno.label() + ", " + errno.meaning(), errno.remedy());
        };
    }
}
