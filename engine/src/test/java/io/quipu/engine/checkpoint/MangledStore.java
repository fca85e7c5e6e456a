package io.quipu.engine.checkpoint;

import io.quipu.journal.CheckpointStore;

import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A store that reports success and keeps something else: one bit is flipped when a checkpoint is published.
 */
final class MangledStore implements CheckpointStore
{
    private final MemoryCheckpointStore store;

    MangledStore(final MemoryCheckpointStore store)
    {
        this.store = store;
    }

    @Override
    public long[] sequences()
    {
        return store.sequences();
    }

    @Override
    public String name(final long sequence)
    {
        return store.name(sequence);
    }

    @Override
    public long length(final long sequence)
    {
        return store.length(sequence);
    }

    @Override
    public WritableByteChannel create(final long sequence)
    {
        return store.create(sequence);
    }

    @Override
    public void publish(final long sequence)
    {
        store.publish(sequence);
        final byte[] bytes = store.published.get(sequence);
        bytes[bytes.length / 2] ^= 1;
    }

    @Override
    public ReadableByteChannel open(final long sequence)
    {
        return store.open(sequence);
    }

    @Override
    public void delete(final long sequence)
    {
        store.delete(sequence);
    }

    @Override
    public void close()
    {
        store.close();
    }
}
