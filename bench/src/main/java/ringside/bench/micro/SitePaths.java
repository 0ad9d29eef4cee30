package ringside.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Paths as sites have them: a few levels of directories with words for names, some forty files in each.
final class SitePaths {

    private static final String[] WORDS = """
        about account api archive article asset author blog book build cache category chapter client code
        comment contact content data design detail docs download error event example faq feature feed file
        forum gallery guide help history home icon image index info install intro issue item job key
        language learn legal library license link list login manual map media member menu message model
        module music news note order page paper part photo plan policy post press privacy product profile
        project query question reference release report review rule search section security server service
        setting shop site source start state stat status story style support table tag team term test theme
        thread tool topic tour trade update upload user value version video view web wiki work
        """.split("\\s+");
    private static final String[] EXTENSIONS = {".html", ".html", ".html", ".png", ".jpg", ".js", ".css", ".svg", ""};

    private SitePaths() {}

    /// @return `count` different paths, by their bytes in order; always the same
    static byte[][] sorted(int count) {
        SplittableRandom random = new SplittableRandom(42);
        TreeSet<String> paths = new TreeSet<>();
        while (paths.size() < count) {
            StringBuilder directory = new StringBuilder("/");
            for (int depth = random.nextInt(1, 5); depth > 0; depth--) {
                directory.append(word(random));
                if (random.nextInt(3) == 0) {
                    directory.append('-').append(random.nextInt(100));
                }
                directory.append('/');
            }
            for (int files = random.nextInt(1, 80); files > 0 && paths.size() < count; files--) {
                String name =
                        word(random) + "-" + word(random) + (random.nextBoolean() ? "-" + random.nextInt(1000) : "");
                paths.add(directory + name + EXTENSIONS[random.nextInt(EXTENSIONS.length)]);
            }
        }
        byte[][] octets = paths.stream()
                .map(path -> path.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
        Arrays.sort(octets, Arrays::compareUnsigned);
        return octets;
    }

    private static String word(SplittableRandom random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
