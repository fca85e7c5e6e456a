package io.quipu.engine.publish;

import io.quipu.codecs.egress.RefusedEncoder;
import org.agrona.concurrent.UnsafeBuffer;

import static org.agrona.BitUtil.SIZE_OF_BYTE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

/**
 * Flyweight over one slot of the {@link ResultRing}: a descriptor of one cache line; the body stands in the ring's
 * arena. Written by the sequencer thread between claim and publish, read by the stages after that.
 * <pre>
 *    0                       8                      16                      24                      32
 *    +-----------------------+-----------------------+-----------------------+-----------------------+
 *    |       sequence        |    correlation id     |        detail         |       arena end       |
 *    +-----------+-----------+-----------+-----------+-----------+-----------+-----------+-----------+
 *    |body offset|body length|connection | attachment|kind|ack|code|flags|chunk|..|sessionId|reserved |
 *    +-----------+-----------+-----------+-----------+-----------+-----------+-----------+-----------+
 *   32          36          40          44          48   49  50   51    52  54  56      60          64
 * </pre>
 * {@code sequence} is the last entry that the result tells of: it may leave when that entry has reached {@code ack}.
 * {@code arena end} is where the arena is free up to once every stage is past this slot.
 */
public final class Result
{
    /** Bytes of a descriptor: a cache line. */
    public static final int LENGTH = 64;

    /** Flag: taken from the kept replies. */
    public static final byte FLAG_RETRIED = 1;
    /** Flag: the last chunk of a query's answer. */
    public static final byte FLAG_LAST = 2;

    /** In a refusal that concerns no request. */
    public static final int NO_ATTACHMENT = (int)RefusedEncoder.attachmentNullValue();

    private static final int SEQUENCE_OFFSET = 0;
    private static final int CORRELATION_ID_OFFSET = SEQUENCE_OFFSET + SIZE_OF_LONG;
    private static final int DETAIL_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_LONG;
    private static final int ARENA_END_OFFSET = DETAIL_OFFSET + SIZE_OF_LONG;
    private static final int BODY_OFFSET_OFFSET = ARENA_END_OFFSET + SIZE_OF_LONG;
    private static final int BODY_LENGTH_OFFSET = BODY_OFFSET_OFFSET + SIZE_OF_INT;
    private static final int CONNECTION_ID_OFFSET = BODY_LENGTH_OFFSET + SIZE_OF_INT;
    private static final int ATTACHMENT_OFFSET = CONNECTION_ID_OFFSET + SIZE_OF_INT;
    private static final int KIND_OFFSET = ATTACHMENT_OFFSET + SIZE_OF_INT;
    private static final int ACK_OFFSET = KIND_OFFSET + SIZE_OF_BYTE;
    private static final int CODE_OFFSET = ACK_OFFSET + SIZE_OF_BYTE;
    private static final int FLAGS_OFFSET = CODE_OFFSET + SIZE_OF_BYTE;
    private static final int CHUNK_OFFSET = FLAGS_OFFSET + SIZE_OF_BYTE;
    private static final int SESSION_ID_OFFSET = CHUNK_OFFSET + 2 * SIZE_OF_SHORT;

    private final UnsafeBuffer slot;

    Result(final UnsafeBuffer slab, final int offset)
    {
        slot = new UnsafeBuffer(slab, offset, LENGTH);
    }

    void clear()
    {
        slot.setMemory(0, LENGTH, (byte)0);
    }

    public long sequence()
    {
        return slot.getLong(SEQUENCE_OFFSET);
    }

    public Result sequence(final long sequence)
    {
        slot.putLong(SEQUENCE_OFFSET, sequence);
        return this;
    }

    /** Of a query, an attach or a close; of a request its request sequence. */
    public long correlationId()
    {
        return slot.getLong(CORRELATION_ID_OFFSET);
    }

    public Result correlationId(final long correlationId)
    {
        slot.putLong(CORRELATION_ID_OFFSET, correlationId);
        return this;
    }

    /** A refusal's detail; of an attach the last request sequence applied. */
    public long detail()
    {
        return slot.getLong(DETAIL_OFFSET);
    }

    public Result detail(final long detail)
    {
        slot.putLong(DETAIL_OFFSET, detail);
        return this;
    }

    long arenaEnd()
    {
        return slot.getLong(ARENA_END_OFFSET);
    }

    void arenaEnd(final long arenaEnd)
    {
        slot.putLong(ARENA_END_OFFSET, arenaEnd);
    }

    /** Where the body stands in {@link ResultRing#arena()}. */
    public int bodyOffset()
    {
        return slot.getInt(BODY_OFFSET_OFFSET);
    }

    public int bodyLength()
    {
        return slot.getInt(BODY_LENGTH_OFFSET);
    }

    void body(final int offset, final int length)
    {
        slot.putInt(BODY_OFFSET_OFFSET, offset);
        slot.putInt(BODY_LENGTH_OFFSET, length);
    }

    public int connectionId()
    {
        return slot.getInt(CONNECTION_ID_OFFSET);
    }

    public Result connectionId(final int connectionId)
    {
        slot.putInt(CONNECTION_ID_OFFSET, connectionId);
        return this;
    }

    public int attachment()
    {
        return slot.getInt(ATTACHMENT_OFFSET);
    }

    public Result attachment(final int attachment)
    {
        slot.putInt(ATTACHMENT_OFFSET, attachment);
        return this;
    }

    /** A constant of {@link ResultKind}. */
    public byte kind()
    {
        return slot.getByte(KIND_OFFSET);
    }

    public Result kind(final byte kind)
    {
        slot.putByte(KIND_OFFSET, kind);
        return this;
    }

    /** Level that {@link #sequence()} must have reached before the result leaves: the wire value of the ingress Ack. */
    public byte ack()
    {
        return slot.getByte(ACK_OFFSET);
    }

    public Result ack(final byte ack)
    {
        slot.putByte(ACK_OFFSET, ack);
        return this;
    }

    /** Wire value of the egress ResultCode. */
    public byte code()
    {
        return slot.getByte(CODE_OFFSET);
    }

    public Result code(final byte code)
    {
        slot.putByte(CODE_OFFSET, code);
        return this;
    }

    public boolean hasFlag(final byte flag)
    {
        return (slot.getByte(FLAGS_OFFSET) & flag) != 0;
    }

    public Result flags(final byte flags)
    {
        slot.putByte(FLAGS_OFFSET, flags);
        return this;
    }

    /** Number of a chunk, from 0. */
    public int chunk()
    {
        return slot.getShort(CHUNK_OFFSET) & 0xFFFF;
    }

    public Result chunk(final int chunk)
    {
        slot.putShort(CHUNK_OFFSET, (short)chunk);
        return this;
    }

    public int sessionId()
    {
        return slot.getInt(SESSION_ID_OFFSET);
    }

    public Result sessionId(final int sessionId)
    {
        slot.putInt(SESSION_ID_OFFSET, sessionId);
        return this;
    }
}
