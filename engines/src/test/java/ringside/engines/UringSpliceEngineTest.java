package ringside.engines;

final class UringSpliceEngineTest extends EngineContract {
    UringSpliceEngineTest() {
        super("uring-splice");
    }
}
