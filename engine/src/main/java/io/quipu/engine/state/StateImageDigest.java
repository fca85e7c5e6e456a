package io.quipu.engine.state;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Computes the digest of an image from scratch, entry by entry and without a table: all parts but that of the names, which says
 * how often each is referred to. Who bears a name counts it in its own entry, so no byte of a name is left out. It proves that
 * what was written down is what the state's digest speaks of; a value that was altered in memory behind the state's back is
 * not. One image, one thread.
 */
public final class StateImageDigest implements StateImage.EntryHandler
{
    private final DigestPart sum = new DigestPart();
    private final DigestEntry entry = new DigestEntry();
    private final BoardDefinition definition = new BoardDefinition();
    private final UnsafeBuffer columnNames = new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(BoardDefinition.MAX_NAME_LENGTH, OffHeap.CACHE_LINE_LENGTH));
    private final int[] freeLeft = new int[Handle.MEMBER + 1];

    private long startedAt;
    private int sessionId;

    /**
     * @param imageLength bytes of all chunks, or more.
     * @return what takes the chunks of the image.
     */
    public StateImageReader newReader(final long imageLength)
    {
        return new StateImageReader(this, imageLength);
    }

    /** First lane. */
    long high()
    {
        return sum.high();
    }

    /** Second lane. */
    long low()
    {
        return sum.low();
    }

    @Override
    public void onAhead(
        final int kind, final DirectBuffer chunk, final int[] ids, final int[] names, final int count)
    {
        // there is no table to be read
    }

    @Override
    public void onNames(final long count)
    {
        // there is no table to be made
    }

    @Override
    public void onBegin(final long sequence, final long timeNs, final int nextSessionId, final long evictedUpTo)
    {
        sum.add(entry.begin(DigestEntry.SESSIONS).put(nextSessionId).put(evictedUpTo));
    }

    @Override
    public void onIds(final int kind, final int highest, final int free)
    {
        freeEntryKind(kind);
        freeLeft[kind] = free;
    }

    @Override
    public void onLimit(final int which, final long value)
    {
        sum.add(entry.begin(DigestEntry.LIMIT).put(which).put(value));
    }

    @Override
    public void onCounter(final int id, final int generation, final long value, final DirectBuffer name)
    {
        final long handle = Handle.of(Handle.COUNTER, generation, id);
        sum.add(entry.begin(DigestEntry.COUNTER).put(handle).put(hash(name, 0, name.capacity())));
        sum.add(DigestEntry.weightHigh(handle) * value, DigestEntry.weightLow(handle) * value);
    }

    @Override
    public void onBoard(
        final int id,
        final int generation,
        final long startedAt,
        final BoardDefinition definition,
        final DirectBuffer name)
    {
        this.startedAt = startedAt;
        this.definition.copyFrom(definition);
        columnNames.putBytes(0, definition.columnNames(), 0, definition.columnNamesLength());
        sum.add(entry
            .begin(DigestEntry.BOARD)
            .put(Handle.of(Handle.BOARD, generation, id))
            .put(hash(name, 0, name.capacity()))
            .put(definition.scoreOperator())
            .put(definition.ties())
            .put(definition.columnCount())
            .put(definition.ascending())
            .put(definition.feedRows())
            .put(definition.capacity())
            .put(hash(columnNames, 0, definition.columnNamesLength()))
            .put(startedAt));
    }

    @Override
    public void onRelease(final long startedAt, final long endedAt, final BoardDefinition definition)
    {
        this.startedAt = startedAt;
        this.definition.copyFrom(definition);
        sum.add(entry
            .begin(DigestEntry.RELEASE)
            .put(endedAt)
            .put(startedAt)
            .put(definition.columnCount())
            .put(definition.ascending())
            .put(definition.ties()));
    }

    @Override
    public void onMember(
        final int id, final int generation, final long changedAt, final long[] values, final DirectBuffer name)
    {
        final long handle = Handle.of(Handle.MEMBER, generation, id);
        sum.add(entry.begin(DigestEntry.MEMBER).put(startedAt).put(handle).put(hash(name, 0, name.capacity())));
        entry.begin(DigestEntry.MEMBER).put(changedAt);
        for (int i = 0; i < definition.columnCount(); i++)
        {
            entry.put(values[i]);
        }
        sum.add(
            DigestEntry.weightHigh(handle) * entry.sumHigh(),
            DigestEntry.weightLow(handle) * entry.sumLow());
    }

    @Override
    public void onFree(final int kind, final int id, final int generation)
    {
        sum.add(entry.begin(freeEntryKind(kind)).put(freeLeft[kind]).put(id).put(generation));
        freeLeft[kind]--;
    }

    @Override
    public void onSession(
        final int id, final long hashHigh, final long hashLow,
        final long lastRequest, final long lastSequence, final long lastTimeNs)
    {
        sessionId = id;
        sum.add(entry
            .begin(DigestEntry.SESSION)
            .put(id)
            .put(hashHigh)
            .put(hashLow)
            .put(lastRequest)
            .put(lastSequence)
            .put(lastTimeNs));
    }

    @Override
    public void onReply(final long requestSequence, final DirectBuffer buffer, final int offset, final int length)
    {
        sum.add(entry
            .begin(DigestEntry.KEPT_REPLY)
            .put(sessionId)
            .put(requestSequence)
            .put(length)
            .put(hash(buffer, offset, length)));
    }

    @Override
    public void onEnd()
    {
        // everything has been counted
    }

    private static long hash(final DirectBuffer offHeap, final int offset, final int length)
    {
        return Xxh64.hash(offHeap.addressOffset() + offset, length);
    }

    private static int freeEntryKind(final int kind)
    {
        switch (kind)
        {
            case Handle.COUNTER:
                return DigestEntry.FREE_COUNTER;

            case Handle.BOARD:
                return DigestEntry.FREE_BOARD;

            case Handle.MEMBER:
                return DigestEntry.FREE_MEMBER;

            default:
                throw new IllegalStateException("image: kind of handle=" + kind);
        }
    }
}
