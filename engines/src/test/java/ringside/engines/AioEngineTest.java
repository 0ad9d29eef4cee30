package ringside.engines;

final class AioEngineTest extends EngineContract {
    AioEngineTest() {
        super("aio");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
