package ringside.loadtest;

/// An operating error that keeps a run from starting or finishing: what failed, on what, and what a person can do.
public final class LoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoadException(String message) {
        super(message);
    }

    LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
