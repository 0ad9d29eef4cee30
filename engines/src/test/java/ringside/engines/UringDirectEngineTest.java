package ringside.engines;

final class UringDirectEngineTest extends EngineContract {
    UringDirectEngineTest() {
        super("uring-direct");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
