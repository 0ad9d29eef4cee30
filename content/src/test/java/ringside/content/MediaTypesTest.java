package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

    @ParameterizedTest
    @CsvSource({
        "index.html, text/html; charset=utf-8",
        "INDEX.HTML, text/html; charset=utf-8",
        "app.min.js, text/javascript; charset=utf-8",
        "photo.JPEG, image/jpeg",
        "1k.bin, application/octet-stream",
        "README.md, text/markdown; charset=utf-8",
        "Main.java, text/x-java-source; charset=utf-8",
        "book.epub, application/epub+zip",
        "report.docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "noextension, application/octet-stream",
        "x.unheard-of, application/octet-stream"
    })
    void byName(String name, String type) {
        assertEquals(type, new MediaTypes().ofName(name));
    }
}
