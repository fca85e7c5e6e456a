package io.quipu.engine.checkpoint;

/**
 * A store that reports success and keeps something else: one bit is flipped when a checkpoint is published.
 */
final class MangledStore extends MemoryCheckpointStore
{
    @Override
    public void publish(final long sequence)
    {
        super.publish(sequence);
        final byte[] bytes = published.get(sequence);
        bytes[bytes.length / 2] ^= 1;
    }
}
