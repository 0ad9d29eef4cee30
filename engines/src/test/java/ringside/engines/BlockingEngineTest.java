package ringside.engines;

final class BlockingEngineTest extends EngineContract {
    BlockingEngineTest() {
        super("blocking");
    }
}
