package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0 B",
        "1, 1, 1 B",
        "1025, 1025, 1025 B",
        "1024, 1k, 1 KiB",
        "16384, 16k, 16 KiB",
        "1048576, 1m, 1 MiB",
        "1536, 1536, 1536 B",
        "2147483648, 2g, 2 GiB",
        "1099511627776, 1024g, 1024 GiB"
    })
    void isReadAsItIsWritten(long bytes, String text, String name) {
        assertEquals(text, ByteSize.text(bytes));
        assertEquals(name, ByteSize.name(bytes));
        assertEquals(bytes, ByteSize.parse(text));
        assertEquals(bytes, ByteSize.parse(Long.toString(bytes)));
    }

    @Test
    void unitsMayBeInUpperCase() {
        assertEquals(16 << 10, ByteSize.parse(" 16K "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "1.5k", "1kb", "big", "9223372036854775807k", "9223372036854775808"})
    void whatIsNoSizeIsQuoted(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
        assertTrue(String.valueOf(e.getMessage()).startsWith("'" + text + "' is no size"), e::getMessage);
    }
}
