package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.ByteNames;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;

class DirectoryListingTest {

    private static final List<String> LISTED = List.of(
            "Dir/", "docs/", "zoo/", "A", "B", "a", "b.txt", "inside", "linked/", "quote\"'<&>", "z.css", "ümlaut €");

    @TempDir
    Path directory;

    private final Kernel kernel = new FfmKernel();

    @BeforeEach
    void fill() throws IOException {
        Path listed = Files.createDirectories(directory.resolve("root/listed"));
        for (String name : List.of("zoo", "Dir", ".git")) {
            Files.createDirectory(listed.resolve(name));
        }
        for (String name : List.of("b.txt", "a", "B", "A", "quote\"'<&>", "ümlaut €", "z.css", ".htpasswd", "docs")) {
            Files.writeString(listed.resolve(name), name);
        }
        Files.writeString(directory.resolve("secret"), "not for you");
        Files.createSymbolicLink(listed.resolve("inside"), Path.of("a"));
        Files.createSymbolicLink(listed.resolve("linked"), Path.of("zoo"));
        Files.createSymbolicLink(listed.resolve("outside"), Path.of("../../secret"));
        Files.createSymbolicLink(listed.resolve("absolute"), directory.resolve("secret"));
        Files.createSymbolicLink(listed.resolve("dangling"), Path.of("nothing"));
        Files.createSymbolicLink(listed.resolve("loop"), Path.of("loop"));
        OpenFiles files = new OpenFiles(kernel);
        int fd = files.open(listed.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
        try (Arena arena = Arena.ofConfined()) {
            byte[] noText = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
            long created = new ByteNames(kernel, arena)
                    .tryOpenAt(fd, noText, 0, noText.length, OpenFiles.O_WRONLY | OpenFiles.O_CREAT);
            assertTrue(created >= 0);
            files.close((int) created);
        }
        files.close(fd);
    }

    private List<ListedEntry> list(DirectoryListing listing, int namesAtOnce) {
        List<ListedEntry> entries = new ArrayList<>();
        try (listing) {
            for (List<ListedEntry> next = listing.next(namesAtOnce);
                    !next.isEmpty();
                    next = listing.next(namesAtOnce)) {
                entries.addAll(next);
            }
            assertTrue(listing.next(1).isEmpty(), "the end stays the end");
        }
        return entries;
    }

    private static List<String> names(List<ListedEntry> entries) {
        return entries.stream()
                .map(entry -> entry.name() + (entry.directory() ? "/" : ""))
                .toList();
    }

    @Test
    void everyNameThatIsServedIsThereOnceAndInOrderHoweverFewAreKept() {
        try (DirectoryRoot root = DirectoryRoot.open(kernel, directory.resolve("root"))) {
            for (int kept : new int[] {1, 2, 3, 7, 10, 11, 12, 100}) {
                for (int atOnce : new int[] {1, 4, 100}) {
                    DirectoryListing listing = root.openListing("listed/", List.of("docs"), kept);
                    assertEquals(LISTED, names(list(listing, atOnce)), () -> kept + " kept");
                }
            }
        }
    }

    @Test
    void whatIsSaidOfAnEntryIsWhatARequestWouldGet() throws IOException {
        try (DirectoryRoot root = DirectoryRoot.open(kernel, directory.resolve("root"))) {
            List<ListedEntry> entries = list(root.openListing("listed/", List.of()), 100);
            ListedEntry link = entries.stream()
                    .filter(entry -> entry.name().equals("inside"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(1, link.lengthBytes());
            ListedEntry css = entries.stream()
                    .filter(entry -> entry.name().equals("z.css"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("text/css; charset=utf-8", css.mediaType());
            assertEquals(
                    Files.getLastModifiedTime(directory.resolve("root/listed/z.css"))
                            .toInstant()
                            .getEpochSecond(),
                    css.modifiedSeconds());
            assertEquals(List.of("listed/"), names(list(root.openListing("", List.of()), 100)));
            Files.createDirectory(directory.resolve("root/empty"));
            assertEquals(List.of(), names(list(root.openListing("empty/", List.of()), 100)));
        }
    }

    @Test
    void theDirectoryMayChangeMeanwhile() throws IOException {
        DirectoryRoot root = DirectoryRoot.open(kernel, directory.resolve("root"));
        try (DirectoryListing listing = root.openListing("listed/", List.of(), 3)) {
            root.close(); // the listing lives on by itself
            List<String> seen = new ArrayList<>(names(listing.next(3)));
            Files.delete(directory.resolve("root/listed/b.txt"));
            Files.writeString(directory.resolve("root/listed/c"), "new");
            for (List<ListedEntry> next = listing.next(3); !next.isEmpty(); next = listing.next(3)) {
                seen.addAll(names(next));
            }
            List<String> expected = new ArrayList<>(LISTED);
            expected.remove("docs/");
            expected.set(expected.indexOf("b.txt"), "c");
            expected.add(expected.indexOf("inside"), "docs");
            assertEquals(expected, seen);
        }
    }
}
