package ringside.engines;

import java.util.List;
import java.util.stream.Stream;

/// An engine that reads into a buffer; works under TLS and without a network.
public non-sealed interface ReadingEngine extends Engine {

    /// How much the pump asks for at a time: the next chunk is read while the one before is being sent.
    EngineOption CHUNK_BYTES = new EngineOption(
            "chunk-bytes",
            256 << 10,
            4 << 10,
            16 << 20,
            "Bytes read at a time; a slow client holds at most three chunks.");

    /// What this engine needs on one event loop. Called on that loop, which also closes it.
    ///
    /// @throws ringside.linux.KernelException when the kernel refuses
    FileReader openReader(LoopContext loop, EngineOptions options);

    @Override
    default LoopEngine open(LoopContext loop, EngineOptions options) {
        return new PumpingLoop(openReader(loop, options), Math.toIntExact(options.get(CHUNK_BYTES)));
    }

    /// An engine's own options together with those that every reading engine has.
    static List<EngineOption> options(EngineOption... own) {
        return Stream.concat(Stream.of(CHUNK_BYTES), Stream.of(own)).toList();
    }
}
