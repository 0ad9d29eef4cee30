package ringside.engines;

final class OffloadEngineTest extends EngineContract {
    OffloadEngineTest() {
        super("offload");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
