package ringside.engines;

/// An engine that has the kernel move the bytes from the file to the socket. Doesn't work under TLS, where the bytes
/// have to pass through the process to be encrypted.
public non-sealed interface SendingEngine extends Engine {}
