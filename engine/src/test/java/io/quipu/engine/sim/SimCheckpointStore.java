package io.quipu.engine.sim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.stream.StreamSupport;

import io.quipu.journal.CheckpointStore;
import io.quipu.journal.JournalException;
import io.quipu.journal.Verdict;

/**
 * The checkpoints of one process on a {@link SimDisk}: written aside, synced, renamed, the name synced. The process may
 * die between any two of these.
 */
final class SimCheckpointStore implements CheckpointStore
{
    private static final String PREFIX = "checkpoint-";
    private static final String ASIDE = "new-";

    private final SimProcess process;
    private final SimDisk disk;

    SimCheckpointStore(final SimProcess process, final SimDisk disk)
    {
        this.process = process;
        this.disk = disk;
    }

    /** Sequence of the newest one, 0 for none. */
    static long newest(final SimDisk disk)
    {
        return Arrays.stream(sequences(disk)).max().orElse(0);
    }

    private static long[] sequences(final SimDisk disk)
    {
        return StreamSupport.stream(disk.names().spliterator(), false)
            .filter((name) -> name.startsWith(PREFIX))
            .mapToLong((name) -> Long.parseLong(name.substring(PREFIX.length())))
            .toArray();
    }

    @Override
    public String name(final long sequence)
    {
        return SimDisk.name(PREFIX, sequence);
    }

    @Override
    public long[] sequences()
    {
        return sequences(disk);
    }

    @Override
    public long length(final long sequence)
    {
        return disk.length(name(sequence));
    }

    @Override
    public WritableByteChannel create(final long sequence)
    {
        process.checkCheckpointWrite("checkpoint.create");
        final String aside = ASIDE + name(sequence);
        disk.delete(aside);
        disk.create(aside);
        return new WritableByteChannel()
        {
            private int position;

            @Override
            public int write(final ByteBuffer source) throws IOException
            {
                process.step("checkpoint.write");
                if (process.failsCheckpoint())
                {
                    throw new IOException("input/output error");
                }
                final byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                disk.write(aside, position, bytes, 0, bytes.length);
                position += bytes.length;
                return bytes.length;
            }

            @Override
            public boolean isOpen()
            {
                return true;
            }

            @Override
            public void close()
            {
                disk.truncate(aside, position);
            }
        };
    }

    @Override
    public void publish(final long sequence)
    {
        process.onCheckpoint(sequence);
        process.step("checkpoint.written");
        if (process.failsCheckpoint())
        {
            disk.failSync(disk.beginSync(ASIDE + name(sequence)));
            throw new JournalException(Verdict.IO_FAULT, "fsync of a checkpoint: input/output error");
        }
        disk.sync(ASIDE + name(sequence));
        process.step("checkpoint.synced");
        disk.rename(ASIDE + name(sequence), name(sequence));
        process.step("checkpoint.renamed");
        disk.syncDirectory();
        process.step("checkpoint.published");
    }

    @Override
    public ReadableByteChannel open(final long sequence)
    {
        return Channels.newChannel(new ByteArrayInputStream(disk.bytes(name(sequence))));
    }

    @Override
    public void delete(final long sequence)
    {
        process.checkCheckpointWrite("checkpoint.delete");
        disk.delete(name(sequence));
        disk.delete(ASIDE + name(sequence));
    }

    @Override
    public void close()
    {
    }
}
