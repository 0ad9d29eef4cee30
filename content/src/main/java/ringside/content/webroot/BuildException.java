package ringside.content.webroot;

/// A webroot that can't be built: what is in the way, and what to do. Nothing was written.
public final class BuildException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BuildException(String message) {
        super(message);
    }
}
