package ringside.engines;

final class NowaitEngineTest extends EngineContract {
    NowaitEngineTest() {
        super("nowait");
    }
}
