package io.quipu.engine.checkpoint;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Edits of a checkpoint's bytes that keep its checksums right.
 */
final class TestBytes
{
    private TestBytes()
    {
    }

    static void renewHeaderCrc(final byte[] checkpoint)
    {
        final ByteBuffer bytes = ByteBuffer.wrap(checkpoint).order(CheckpointDescriptor.ORDER);
        final int covered = CheckpointDescriptor.HEADER_LENGTH - CheckpointDescriptor.CRC_LENGTH;
        bytes.putInt(
            covered, CheckpointDescriptor.crc(new CRC32C(), 0, bytes.slice(0, covered), bytes.slice(0, 0)));
    }
}
