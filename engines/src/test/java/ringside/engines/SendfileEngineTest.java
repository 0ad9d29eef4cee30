package ringside.engines;

final class SendfileEngineTest extends EngineContract {
    SendfileEngineTest() {
        super("sendfile");
    }
}
