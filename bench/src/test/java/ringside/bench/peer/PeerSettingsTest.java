package ringside.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import ringside.server.ServerConfig;

class PeerSettingsTest {

    @Test
    void aPeerKeepsAsManyFilesOpenAsOursAndRechecksThemAsOften() {
        assertEquals(ServerConfig.CACHE_ENTRIES_DEFAULT, PeerSettings.OPEN_FILES);
        String configuration = Peers.byName("nginx-read")
                .configuration(new PeerSettings(Path.of("/srv/files"), Path.of("/tmp/work"), 8080, 64));
        assertTrue(configuration.contains("open_file_cache max=1024 inactive=3600s;"), configuration);
        assertTrue(configuration.contains("open_file_cache_valid 1s;"), configuration);
        assertTrue(configuration.contains("worker_rlimit_nofile 2112;"), configuration);
        assertTrue(configuration.contains("listen 127.0.0.1:8080 backlog=4096;"), configuration);
    }
}
