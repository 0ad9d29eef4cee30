/// Webroots: a tree of files as one file, built by [ringside.content.webroot.WebrootBuild], read by
/// [ringside.content.webroot.Webroot], verified by [ringside.content.webroot.WebrootCheck].
///
/// `docs/webroot-format.md` describes the file.
@NullMarked
package ringside.content.webroot;

import org.jspecify.annotations.NullMarked;
