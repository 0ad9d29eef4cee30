package ringside.content.webroot;

/// A file whose content is in the webroot: what its resource's record says.
///
/// @param encodings bits of the forms at `variants`
record StoredFile(int body, String mediaType, long lengthBytes, long mtimeSeconds, int encodings, int variants) {}
