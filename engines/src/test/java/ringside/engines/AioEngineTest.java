package ringside.engines;

final class AioEngineTest extends EngineContract {
    AioEngineTest() {
        super("aio");
    }
}
