package ringside.engines;

/// An engine that has the kernel move the bytes from the file to the socket. Doesn't work under TLS, where the
/// bytes have to pass through the process to be encrypted.
public non-sealed interface SendingEngine extends Engine {

    /// What this engine needs on one event loop. Called on that loop, which also closes it.
    ///
    /// @throws ringside.linux.KernelException when the kernel refuses
    LoopEngine openSender(LoopContext loop, EngineOptions options);

    /// Its transfers are refused with an IllegalStateException on connections that the process encrypts.
    @Override
    default LoopEngine open(LoopContext loop, EngineOptions options) {
        return new PlaintextLoop(spec(), openSender(loop, options));
    }
}
