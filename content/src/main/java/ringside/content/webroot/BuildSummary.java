package ringside.content.webroot;

/// What a build has done.
///
/// @param files read, links to files among them
/// @param directories below and with the root
/// @param resources paths that the webroot answers
/// @param bodies different contents, compressed forms and listings among them
/// @param readBytes of files
/// @param duplicates files whose content was there already
/// @param variants compressed forms
/// @param skippedHidden names that begin with a dot, with all below them counted as one
/// @param skippedSpecial FIFOs, sockets, devices
/// @param skippedLinks links that lead nowhere, out of the tree or in circles
/// @param fileBytes the webroot's length
/// @param indexBytes its index's
/// @param identity see [Webroot#identity()]
public record BuildSummary(
        long files,
        long directories,
        long resources,
        long bodies,
        long readBytes,
        long duplicates,
        long variants,
        long skippedHidden,
        long skippedSpecial,
        long skippedLinks,
        long fileBytes,
        long indexBytes,
        String identity) {}
