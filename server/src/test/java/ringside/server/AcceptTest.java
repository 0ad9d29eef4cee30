package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    @ParameterizedTest(name = "RFC 9110 §12.5.1: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: x | false",
                "Accept: | false",
                "Accept: application/json | true",
                "aCCEPT:Application/JSON | true",
                "Accept: text/html, application/json | false",
                "Accept: text/html;q=0.9, application/json | true",
                "Accept: text/html, application/json;q=0.9 | false",
                "Accept: application/json, text/plain, */* | true",
                "Accept: application/json;q=0.5, */* | false",
                "Accept: application/* | true",
                "Accept: text/*;q=0.1, application/json ; q=0.2 | true",
                "Accept: application/json;q=0, */*;q=0.1 | false",
                "Accept: application/json;q=7 | false",
                "Accept: application/json;q=0.1234 | false",
                "Accept: */* | false",
                "Accept: text/html;level=1;q=0.3, application/json;v=1;q=0.4 | true",
                "X-Accept: application/json | false",
                "Accept: text/html;q=0.2~Accept: application/json | true"
            })
    void jsonOrNot(String fields, boolean json) {
        byte[] octets = ("??\r\n" + fields.replace("~", "\r\n") + "\r\n\r\n??").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(json, Accept.prefersJson(octets, 2, octets.length - 2));
    }
}
