package ringside.cli;

import java.nio.file.Path;

/// Where ringside lives: the checkout, as the launcher says.
final class Home {

    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty("ringside.home", "."))
                .toAbsolutePath()
                .normalize();
    }
}
