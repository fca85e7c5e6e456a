package io.quipu.engine.checkpoint;

import io.quipu.journal.CheckpointStore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.TreeMap;

/**
 * Checkpoints in memory: those published, and those aside.
 */
public class MemoryCheckpointStore implements CheckpointStore
{
    public final TreeMap<Long, byte[]> published = new TreeMap<>();
    private final TreeMap<Long, ByteArrayOutputStream> aside = new TreeMap<>();

    @Override
    public long[] sequences()
    {
        return published.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String name(final long sequence)
    {
        return "checkpoint-" + sequence;
    }

    @Override
    public long length(final long sequence)
    {
        return published.get(sequence).length;
    }

    @Override
    public WritableByteChannel create(final long sequence)
    {
        aside.put(sequence, new ByteArrayOutputStream());
        return Channels.newChannel(aside.get(sequence));
    }

    @Override
    public void publish(final long sequence)
    {
        published.put(sequence, aside.remove(sequence).toByteArray());
    }

    @Override
    public ReadableByteChannel open(final long sequence)
    {
        return Channels.newChannel(new ByteArrayInputStream(published.get(sequence)));
    }

    @Override
    public void delete(final long sequence)
    {
        aside.remove(sequence);
        published.remove(sequence);
    }

    @Override
    public void close()
    {
        aside.clear();
    }
}
