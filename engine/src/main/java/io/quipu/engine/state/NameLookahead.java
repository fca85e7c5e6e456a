package io.quipu.engine.state;

import io.quipu.codecs.CommandRuns;
import org.agrona.DirectBuffer;

/**
 * Finds who bears the names of the next commands of a run, each step for all of them before the next step, so that their misses
 * overlap:
 * <pre>
 *   command        1       2       3       4     ..
 *   pass 1       hash    hash    hash    hash       of the name; touches its bucket of the index
 *   pass 2       slot    slot    slot    slot       the first that may be the name's; touches the record of its bearer
 *   pass 3       name    name    name    name       of the bearer; touches its bytes
 *   pass 4      equal   equal   equal   equal       where not, which is rare, the index is asked for the next
 * </pre>
 * Changes nothing. One thread.
 */
final class NameLookahead
{
    private final NameTable names;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] hashes;
    private final int[] bearers;
    private final int[] nameIds;
    /** What the next pass will read. */
    private final long[] addresses;
    private long touched;

    /**
     * Nothing found.
     *
     * @param names  to find.
     * @param window most commands at once.
     */
    NameLookahead(final NameTable names, final int window)
    {
        this.names = names;
        offsets = new int[window];
        lengths = new int[window];
        hashes = new long[window];
        bearers = new int[window];
        nameIds = new int[window];
        addresses = new long[window];
    }

    /**
     * Takes all passes.
     *
     * @param runs  that stand on a command; they are not moved.
     * @param count of commands, from that one on, each of one name.
     */
    void look(final CommandRuns runs, final int count)
    {
        hash(runs, count);
        look(runs.buffer(), count);
    }

    /**
     * Takes a name for the first pass.
     *
     * @param command number of it, from 0.
     * @param buffer  that holds its name.
     * @param offset  of the name.
     * @param length  of the name.
     */
    void add(final int command, final DirectBuffer buffer, final int offset, final int length)
    {
        final long hash = names.hash(buffer, offset, length);
        offsets[command] = offset;
        lengths[command] = length;
        hashes[command] = hash;
        addresses[command] = names.bucket(hash);
    }

    /**
     * Takes all passes for names that were added and that most likely nobody bears: these are looked for, and will be put, at
     * the end of their chains.
     *
     * @param buffer that holds them.
     * @param count  of them.
     */
    void lookForNew(final DirectBuffer buffer, final int count)
    {
        touch(count);
        for (int i = 0; i < count; i++)
        {
            addresses[i] = names.overflow(hashes[i]);
        }
        look(buffer, count);
    }

    private void look(final DirectBuffer buffer, final int count)
    {
        touch(count);
        findSlots(count);
        touch(count);
        findNames(count);
        touch(count);
        compare(buffer, count);
    }

    /** Who bears the name of a command, or {@link Bearer#NONE}. */
    int bearer(final int command)
    {
        return bearers[command];
    }

    /** Hash of the name of a command. */
    long hash(final int command)
    {
        return hashes[command];
    }

    /** Where the name of a command begins. */
    int offset(final int command)
    {
        return offsets[command];
    }

    /** Length of the name of a command. */
    int length(final int command)
    {
        return lengths[command];
    }

    private void hash(final CommandRuns runs, final int count)
    {
        final DirectBuffer buffer = runs.buffer();
        final int blockLength = runs.entryBlockLength();
        int offset = runs.entryOffset() + blockLength;
        for (int i = 0; i < count; i++)
        {
            final int length = buffer.getByte(offset) & 0xFF;
            add(i, buffer, offset + 1, length);
            offset += 1 + length + blockLength;
        }
    }

    private void findSlots(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int bearer = names.candidate(hashes[i]);
            bearers[i] = bearer;
            if (bearer != Bearer.NONE)
            {
                addresses[i] = names.nameIdAddress(bearer);
            }
        }
    }

    private void findNames(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (bearers[i] != Bearer.NONE)
            {
                nameIds[i] = OffHeap.getInt(addresses[i]);
                addresses[i] = names.address(nameIds[i]);
            }
        }
    }

    private void compare(final DirectBuffer buffer, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (bearers[i] != Bearer.NONE && !names.matches(nameIds[i], addresses[i], buffer, offsets[i], lengths[i]))
            {
                bearers[i] = names.find(buffer, offsets[i], lengths[i], hashes[i]);
            }
        }
    }

    private void touch(final int count)
    {
        touched += OffHeap.readAll(addresses, count);
    }
}
