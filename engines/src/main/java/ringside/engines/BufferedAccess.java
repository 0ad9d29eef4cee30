package ringside.engines;

import io.netty.buffer.ByteBuf;
import ringside.content.OpenFile;

/// Through the page cache: any offset, any length, anywhere in a buffer.
final class BufferedAccess implements FileAccess {

    private final FileReadOptions options;
    private final int rwFlags;

    BufferedAccess(FileReadOptions options) {
        this.options = options;
        this.rwFlags = options.rwfFlags();
    }

    @Override
    public boolean readsAnywhere() {
        return true;
    }

    @Override
    public int bufferBytes(int headBytes, int lengthBytes) {
        return headBytes + lengthBytes;
    }

    @Override
    public int rwFlags() {
        return rwFlags;
    }

    @Override
    public int add(
            ReadQueue queue, OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        options.met(file);
        queue.add(file.fd(), offset, lengthBytes, target, completion);
        return 0;
    }

    @Override
    public int judge(PendingRead read, int result) {
        if (result < 0) {
            options.explain(read.fd(), result);
        }
        return result;
    }

    @Override
    public void close() {
        // Owns nothing.
    }
}
