package ringside.engines;

final class LinuxAioEngineTest extends EngineContract {
    LinuxAioEngineTest() {
        super("linux-aio");
    }

    @Override
    boolean readsInFlight() {
        return true;
    }
}
