package ringside.engines;

final class VirtualEngineTest extends EngineContract {
    VirtualEngineTest() {
        super("virtual");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
