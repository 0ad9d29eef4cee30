package ringside.content;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.linux.FileKind;
import ringside.linux.Statx;

/// The coded forms of a directory's files that stand beside them: `page.html.gz`, `page.html.br`, `page.html.zst`. One
/// counts while it is a regular file, is to be reached as the plain one is, and isn't older than that: a form that
/// somebody forgot to renew is passed over.
final class SiblingForms {

    private SiblingForms() {}

    /// Opens the forms of a file.
    ///
    /// @return with them, in place of `plain`
    static ServedFile added(ServedFile plain, DirectoryRoot root, String relativePath, Statx statx) {
        List<ServedFile> forms = new ArrayList<>();
        for (Encoding encoding : Encoding.values()) {
            ServedFile form = root.tryOpenForm(plain, relativePath + encoding.suffix(), encoding, statx);
            if (form != null) {
                forms.add(form);
            }
        }
        return forms.isEmpty() ? plain : plain.with(forms);
    }

    /// Whether what counts is still what was opened.
    static boolean areStill(ServedFile plain, DirectoryRoot root, String relativePath, Statx statx) {
        for (Encoding encoding : Encoding.values()) {
            boolean there = root.tryStatus(relativePath + encoding.suffix(), statx) == 0 && counts(plain, statx);
            ServedFile form = form(plain, encoding);
            if (form == null ? there : !there || !form.version().isStill(statx)) {
                return false;
            }
        }
        return true;
    }

    /// Whether what `statx` was asked about last is a form of the file.
    static boolean counts(ServedFile plain, Statx statx) {
        FileVersion version = plain.version();
        boolean older = statx.mtimeSeconds() < version.modifiedSeconds()
                || (statx.mtimeSeconds() == version.modifiedSeconds() && statx.mtimeNanos() < version.modifiedNanos());
        return !older && FileKind.ofMode(statx.mode()) == FileKind.REGULAR;
    }

    private static @Nullable ServedFile form(ServedFile plain, Encoding encoding) {
        for (ServedFile form : plain.variants()) {
            if (form.encoding().orElseThrow() == encoding) {
                return form;
            }
        }
        return null;
    }
}
