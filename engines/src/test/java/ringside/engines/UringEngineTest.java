package ringside.engines;

final class UringEngineTest extends EngineContract {
    UringEngineTest() {
        super("uring");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
