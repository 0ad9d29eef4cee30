package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import ringside.linux.Kernel;

/// Verifies all of a webroot: header, length, checksums and sense of the index, the digest of every body, and
/// that nothing hides between them. There is no byte that it doesn't judge.
///
/// What is wrong ends the check where the rest can't be judged without it: a damaged index is not interpreted.
public final class WebrootCheck {

    private static final int CHUNK_BYTES = 1 << 20;

    private WebrootCheck() {}

    /// Something wrong.
    ///
    /// @param detail for a person
    public record Finding(Damage damage, String detail) {}

    /// What came out.
    ///
    /// @param identity of the webroot, see [Webroot#identity()]; empty if its index is damaged
    /// @param verifiedBytes of bodies that were read
    /// @param findings the first of them
    /// @param findingCount all of them
    public record Report(
            String path,
            String identity,
            long fileBytes,
            long resources,
            long bodies,
            long verifiedBytes,
            List<Finding> findings,
            long findingCount) {

        public Report {
            findings = List.copyOf(findings);
        }

        public boolean isSound() {
            return findingCount == 0;
        }

        /// The gravest kind of damage; empty if there is none.
        public Optional<Damage> gravest() {
            return findings.stream().map(Finding::damage).min(Damage::compareTo);
        }
    }

    /// Sees how a check proceeds.
    @FunctionalInterface
    public interface Observer {
        Observer NONE = (verifiedBytes, totalBytes) -> {};

        void verified(long verifiedBytes, long totalBytes);
    }

    /// Verifies a file.
    ///
    /// @throws ringside.linux.KernelException if it can't be opened or read
    public static Report run(Kernel kernel, Path path, Observer observer) {
        try (Webroot webroot = Webroot.open(kernel, path)) {
            return run(webroot, observer);
        } catch (WebrootException e) {
            return new Report(
                    path.toString(),
                    "",
                    0,
                    0,
                    0,
                    0,
                    List.of(new Finding(e.damage(), String.valueOf(e.getMessage()))),
                    1);
        }
    }

    /// Verifies what [Webroot#open] has left unverified.
    static Report run(Webroot webroot, Observer observer) {
        Findings findings = new Findings();
        Header header = webroot.header();
        long verifiedBytes = 0;
        new StructureCheck(webroot.index(), findings).run();
        if (!indexDigest(webroot).equals(header.identity())) {
            findings.add(Damage.INDEX, "its SHA-256 differs from the header's, though its checksums are right");
        }
        if (findings.count() == 0) {
            try (BodyCheck bodies = new BodyCheck(webroot, findings, observer)) {
                bodies.run();
                verifiedBytes = bodies.verifiedBytes();
            }
        }
        return new Report(
                webroot.path(),
                webroot.identity(),
                header.fileBytes(),
                header.resources(),
                header.bodies(),
                verifiedBytes,
                findings.kept(),
                findings.count());
    }

    /// @throws WebrootException for the gravest of what is wrong
    static void requireSound(Webroot webroot, Observer observer) {
        Report report = run(webroot, observer);
        Optional<Damage> gravest = report.gravest();
        if (gravest.isPresent()) {
            Finding first = report.findings().stream()
                    .filter(finding -> finding.damage() == gravest.get())
                    .findFirst()
                    .orElseThrow();
            throw new WebrootException(first.damage(), webroot.path(), first.detail());
        }
    }

    private static String indexDigest(Webroot webroot) {
        Header header = webroot.header();
        Digests digests = new Digests();
        try (Arena arena = Arena.ofConfined()) {
            PositionedFile file = new PositionedFile(webroot.kernel(), arena, webroot.fd(), webroot.path());
            MemorySegment chunk = arena.allocate(Math.min(CHUNK_BYTES, header.indexBytes()));
            for (long at = header.indexOffset(); at < header.fileBytes(); at += CHUNK_BYTES) {
                MemorySegment part = chunk.asSlice(0, Math.min(CHUNK_BYTES, header.fileBytes() - at));
                digests.update(part.asSlice(0, file.fill(part, at)));
            }
        }
        return HexFormat.of().formatHex(digests.end());
    }
}
