package ringside.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// Tells whether two programs are the same: a digest of all that is on a class path.
final class Binary {

    private Binary() {}

    /// @param classPath directories and jars, with what their manifests name
    /// @return SHA-256 of names and contents, in hexadecimal
    static String sha256(String classPath) throws IOException {
        MessageDigest digest = digest();
        for (Path file : files(classPath)) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            add(file, digest);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Of one file.
    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        add(file, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(Path file, MessageDigest digest) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
    }

    private static List<Path> files(String classPath) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                try (Stream<Path> walk = Files.walk(path)) {
                    walk.filter(Files::isRegularFile).sorted().forEach(files::add);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
                files.addAll(named(path));
            }
        }
        return files;
    }

    /// What the manifest's Class-Path names and is there.
    private static List<Path> named(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String others =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (others == null) {
                return List.of();
            }
            return Stream.of(others.split(" ", -1))
                    .filter(name -> !name.isBlank() && !name.contains(":"))
                    .map(jar::resolveSibling)
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
