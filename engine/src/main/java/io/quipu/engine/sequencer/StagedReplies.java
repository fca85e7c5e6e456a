package io.quipu.engine.sequencer;

/**
 * Where the replies of the record being built go to, in the order of its requests: apply answers in that order. For
 * the sequencer thread; as long as the longest record.
 */
final class StagedReplies
{
    private final int[] connectionIds = new int[RecordBuilder.MAX_REQUESTS];
    private final int[] attachments = new int[RecordBuilder.MAX_REQUESTS];
    private final byte[] acks = new byte[RecordBuilder.MAX_REQUESTS];
    private int count;
    private int position;

    void add(final int connectionId, final int attachment, final byte ack)
    {
        connectionIds[count] = connectionId;
        attachments[count] = attachment;
        acks[count] = ack;
        count++;
    }

    /** Goes to the next one. */
    void next()
    {
        if (position == count)
        {
            throw new IllegalStateException("more replies than the " + count + " requests of the record");
        }

        position++;
    }

    boolean isAtEnd()
    {
        return position == count;
    }

    int connectionId()
    {
        return connectionIds[position - 1];
    }

    int attachment()
    {
        return attachments[position - 1];
    }

    byte ack()
    {
        return acks[position - 1];
    }

    void clear()
    {
        count = 0;
        position = 0;
    }
}
