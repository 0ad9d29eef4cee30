package ringside.engines;

final class MmapEngineTest extends EngineContract {
    MmapEngineTest() {
        super("mmap");
    }
}
