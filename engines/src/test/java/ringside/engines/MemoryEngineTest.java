package ringside.engines;

final class MemoryEngineTest extends EngineContract {
    MemoryEngineTest() {
        super("memory");
    }

    @Override
    long fileBytesMax() {
        return MemoryEngine.MAX_BYTES.defaultValue();
    }

    @Override
    boolean readsWhileServing() {
        return false;
    }
}
