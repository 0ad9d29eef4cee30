package ringside.engines;

final class DirectEngineTest extends EngineContract {
    DirectEngineTest() {
        super("direct");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
