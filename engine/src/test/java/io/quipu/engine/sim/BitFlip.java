package io.quipu.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.quipu.journal.ScanResult;

/**
 * One bit of a file, turned over while no engine runs, and turned back behind the start that met it: so there is never
 * more than one, and what a start must make of it is known.
 */
final class BitFlip
{
    private final SimDisk disk;
    private final String file;
    private final int offset;
    private final int bit;
    private final boolean isSet;

    private BitFlip(final SimDisk disk, final String file, final int offset, final int bit)
    {
        this.disk = disk;
        this.file = file;
        this.offset = offset;
        this.bit = bit;
        disk.flipBit(file, offset, bit);
        isSet = isSet();
    }

    /** One bit anywhere: in the journal, the superblock, a checkpoint. Null where there is nothing yet. */
    static BitFlip anywhere(final SimDisk disk, final Random random)
    {
        final List<String> files = new ArrayList<>();
        for (final String name : disk.names())
        {
            if (disk.length(name) > 0)
            {
                files.add(name);
            }
        }
        if (files.isEmpty())
        {
            return null;
        }

        final String file = files.get(random.nextInt(files.size()));
        return new BitFlip(disk, file, random.nextInt(disk.length(file)), random.nextInt(Byte.SIZE));
    }

    boolean isInJournal()
    {
        return file.startsWith(SimJournalStore.PREFIX);
    }

    void turnBack()
    {
        disk.flipBit(file, offset, bit);
    }

    /**
     * What a start did not look at, a later one may look at.
     *
     * @param found of the start: behind its end a zero may be its own.
     */
    void turnBackBehind(final ScanResult found)
    {
        final int order = file.compareTo(SimDisk.name(SimJournalStore.PREFIX, found.endCycle()));
        final boolean isBehindEnd = isInJournal() && (order > 0 || order == 0 && offset >= found.endPosition());
        if (disk.exists(file) && isSet() == isSet && (isSet || !isBehindEnd))
        {
            turnBack();
        }
    }

    private boolean isSet()
    {
        return 0 != (disk.bytes(file)[offset] >> bit & 1);
    }

    @Override
    public String toString()
    {
        return file + " offset " + offset + " bit " + bit;
    }
}
