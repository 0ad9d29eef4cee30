package ringside.content;

/// A name in a directory, and what it is now.
///
/// @param name as it is asked for, without a slash at the end
/// @param directory whether it is one, or a link to one
/// @param lengthBytes of a file; 0 for a directory
/// @param modifiedSeconds since 1970, or [ListingMarkup#UNTIMED]
/// @param mediaType a value for `Content-Type`, by the name; empty for a directory
public record ListedEntry(String name, boolean directory, long lengthBytes, long modifiedSeconds, String mediaType) {}
