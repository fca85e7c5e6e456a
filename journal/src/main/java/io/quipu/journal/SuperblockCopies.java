package io.quipu.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static io.quipu.journal.SuperblockStore.COPIES;
import static io.quipu.journal.SuperblockStore.COPY_LENGTH;

/**
 * The copies of a superblock, read together: the newest valid one counts. Written so that at every instant the newest
 * generation that was ever synced is whole in two copies. For one thread at a time.
 */
final class SuperblockCopies
{
    private final SuperblockStore store;
    private Superblock newest;
    private int newestCopy;
    private boolean isThere;
    private boolean isForced;
    private boolean isTooNew;

    /**
     * @param store null when none is kept: nothing is known then, and nothing written.
     */
    SuperblockCopies(final SuperblockStore store)
    {
        this.store = store;
    }

    /**
     * Reads all copies.
     *
     * @return this.
     */
    SuperblockCopies read()
    {
        newest = null;
        isThere = false;
        isForced = false;
        isTooNew = false;
        if (store == null)
        {
            return this;
        }

        final ByteBuffer bytes = ByteBuffer.allocate(COPIES * COPY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        isThere = store.read(bytes) >= 0;
        for (int copy = 0; copy < COPIES; copy++)
        {
            look(bytes, copy);
        }

        return this;
    }

    private void look(final ByteBuffer bytes, final int copy)
    {
        final int offset = copy * COPY_LENGTH;
        if (bytes.getInt(offset + Superblock.MAGIC_OFFSET) != Superblock.MAGIC ||
            bytes.getInt(offset + Superblock.CRC_OFFSET) != Superblock.crc(bytes.array(), offset))
        {
            return;
        }

        final int version = bytes.getShort(offset + Superblock.VERSION_OFFSET) & 0xFFFF;
        isTooNew |= version > Superblock.VERSION;
        final boolean isInItsPlace = bytes.getShort(offset + Superblock.COPY_OFFSET) == copy;
        final long generation = bytes.getLong(offset + Superblock.GENERATION_OFFSET);
        if (version <= Superblock.VERSION && isInItsPlace && (newest == null || generation > newest.generation()))
        {
            newest = Superblock.decode(bytes, offset);
            newestCopy = copy;
        }
    }

    /**
     * Makes what was read durable: a process that was killed may have left it in the page cache alone. Once.
     */
    void force()
    {
        if (isThere && !isForced)
        {
            store.force();
            isForced = true;
        }
    }

    /**
     * Writes the next generation over the copies that do not hold the newest, and makes it durable.
     *
     * @param superblock whose generation is given here.
     */
    void write(final Superblock superblock)
    {
        final boolean isFirst = newest == null;
        final Superblock next = superblock.withGeneration(isFirst ? 1 : newest.generation() + 1);
        if (store != null)
        {
            force();
            final int from = isFirst || newestCopy >= COPIES / 2 ? 0 : COPIES / 2;
            final int to = isFirst ? COPIES : from + COPIES / 2;
            for (int copy = from; copy < to; copy++)
            {
                store.write(copy, next.encode(copy));
            }
            store.force();
            newestCopy = from;
        }
        newest = next;
    }

    /**
     * @return true when there are bytes, valid or not.
     */
    boolean isThere()
    {
        return isThere;
    }

    /**
     * @return true when one is kept, and there is none: an older program's directory, or a copy of the journal alone.
     */
    boolean isMissing()
    {
        return store != null && !isThere;
    }

    /**
     * @return true when a newer program wrote a copy.
     */
    boolean isTooNew()
    {
        return isTooNew;
    }

    /**
     * @return what counts; null when no copy is valid.
     */
    Superblock newest()
    {
        return newest;
    }

    /**
     * @return for people.
     */
    String name()
    {
        return store == null ? "the superblock" : store.name();
    }
}
