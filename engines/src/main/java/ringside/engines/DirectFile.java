package ringside.engines;

import ringside.linux.OpenFiles;

/// A file's second descriptor, opened with `O_DIRECT`, and how reads through it must be aligned. Attached to the
/// [ringside.content.OpenFile] and closed with it.
///
/// @param openFiles closes the descriptor
/// @param fd owned by this object
/// @param memoryAlignBytes what the buffer's address must be a multiple of
/// @param offsetAlignBytes what offset and length must be multiples of
/// @param refusal what reads are answered with: 0, or a negated errno where they can't be made in the way that was
/// asked
///     for
record DirectFile(OpenFiles openFiles, int fd, int memoryAlignBytes, int offsetAlignBytes, int refusal)
        implements AutoCloseable {

    DirectFile {
        if (fd < 0 || memoryAlignBytes < 1 || offsetAlignBytes < 1) {
            throw new IllegalArgumentException(
                    "fd " + fd + ", alignment " + memoryAlignBytes + " and " + offsetAlignBytes);
        }
    }

    @Override
    public void close() {
        long ignored = openFiles.close(fd);
    }
}
