package ringside.engines;

final class UringZcEngineTest extends EngineContract {
    UringZcEngineTest() {
        super("uring-zc");
    }
}
