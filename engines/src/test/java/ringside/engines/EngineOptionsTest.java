package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineOptionsTest {

    @Test
    void whatIsNotNamedKeepsItsDefault() {
        EngineSpec spec = Engines.byName("aio").spec();
        EngineOptions options = EngineOptions.parse(spec, "threads=8");
        assertEquals(8, options.get(AioEngine.THREADS));
        assertEquals(ReadingEngine.CHUNK_BYTES.defaultValue(), options.get(ReadingEngine.CHUNK_BYTES));
        assertEquals(EngineOptions.defaults(spec), EngineOptions.parse(spec, "  "));
        assertEquals(options, EngineOptions.parse(spec, options.toString()));
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "64k,65536", "64K,65536", "1m,1048576", "' 1m ',1048576"})
    void sizes(String text, long bytes) {
        EngineOptions options = EngineOptions.parse(Engines.byName("blocking").spec(), "chunk-bytes=" + text);
        assertEquals(bytes, options.get(ReadingEngine.CHUNK_BYTES));
    }

    @Test
    void gigabytes() {
        EngineOptions options = EngineOptions.parse(Engines.byName("memory").spec(), "max-bytes=1g,chunk-bytes=4k");
        assertEquals(1 << 30, options.get(MemoryEngine.MAX_BYTES));
        assertEquals(4096, options.get(ReadingEngine.CHUNK_BYTES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aio:depth=4|engine aio has no option 'depth'. It has: chunk-bytes, threads",
                "aio:threads=0|option threads of engine aio is 0, but must be from 1 to 256",
                "aio:threads=257|must be from 1 to 256",
                "aio:threads=-1|must be from 1 to 256",
                "aio:threads=four|option threads needs a whole number such as 4, not 'four'",
                "aio:threads=|needs a whole number such as 4, not ''",
                "aio:threads|needs a whole number such as 4, not ''",
                "aio:threads=k|not 'k'",
                "aio:threads=1.5|not '1.5'",
                "aio:chunk-bytes=64kk|not '64kk'",
                "aio:chunk-bytes=99999999999g|not '99999999999g'",
                "aio:threads=1,|has no option ''",
                "aio:threads=1,threads=2|option threads of engine aio is given twice",
                "warp|unknown engine 'warp'. Choose one of: memory, blocking",
                "''|unknown engine ''",
                ":threads=1|unknown engine ''",
            })
    void badInputGetsASentence(String text, String sentence) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ChosenEngine.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains(sentence), e.getMessage());
    }

    @Test
    void lists() {
        List<ChosenEngine> chosen = ChosenEngine.parseList("blocking,aio:threads=64,chunk-bytes=1m,sendfile, memory");
        assertEquals(
                List.of("blocking", "aio", "sendfile", "memory"),
                chosen.stream().map(ChosenEngine::name).toList());
        assertEquals(64, chosen.get(1).options().get(AioEngine.THREADS));
        assertEquals(1 << 20, chosen.get(1).options().get(ReadingEngine.CHUNK_BYTES));
        assertEquals(List.of(ChosenEngine.parse("sync")), ChosenEngine.parseList("sync"));
        // The same engine with other options is another arm of an experiment.
        assertEquals(2, ChosenEngine.parseList("aio:threads=1,aio:threads=2").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "blocking,,aio|has an empty entry",
                "''|has an empty entry",
                "blocking,|has an empty entry",
                "chunk-bytes=1m,blocking|comes before any engine",
                "blocking,sync|engine 'sync' is in the list twice",
                "blocking,warp|unknown engine 'warp'",
                "blocking,threads=4|engine blocking has no option 'threads'",
            })
    void badListsGetASentence(String text, String sentence) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ChosenEngine.parseList(text));
        assertTrue(String.valueOf(e.getMessage()).contains(sentence), e.getMessage());
    }
}
