package io.quipu.engine.status;

import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.StatusReportEncoder;
import io.quipu.engine.state.Digest;
import io.quipu.engine.state.QueryHandler;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Builds one StatusReport message, in one chunk. Parts and gauges are collected first, since a group begins with its
 * count:
 * <pre>
 *   StatusReport   header | block | parts:  count, (high, low, label)*  | gauges: count, (value, label)*
 *
 *   parts  beyond the first 255, and those of names too long for a label, are summed up in one that is called "others":
 *          all together still make the digest
 *   gauges beyond the room of the message are left away, which a test of the engine's own gauges rules out
 * </pre>
 * Allocates nothing. For the sequencer thread.
 */
final class StatusReport
{
    private static final int MAX_PARTS = 256;
    private static final int MAX_LABEL_LENGTH = 128;
    private static final int PARTS_LENGTH = MAX_PARTS * (2 * Long.BYTES + 1 + MAX_LABEL_LENGTH);
    private static final int GAUGES_LENGTH = 16 * 1024;
    private static final int MESSAGE_LENGTH = PARTS_LENGTH + GAUGES_LENGTH + 256;
    private static final int GROUP_HEADER_LENGTH = 4;

    private final UnsafeBuffer parts = new UnsafeBuffer(new byte[PARTS_LENGTH]);
    private final UnsafeBuffer gauges = new UnsafeBuffer(new byte[GAUGES_LENGTH]);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatusReportEncoder report = new StatusReportEncoder();

    private int partCount;
    private int partsLength;
    private long othersHigh;
    private long othersLow;
    private int gaugeCount;
    private int gaugesLength;

    void clear()
    {
        partCount = 0;
        partsLength = 0;
        othersHigh = 0;
        othersLow = 0;
        gaugeCount = 0;
        gaugesLength = 0;
    }

    void addPart(final CharSequence label, final long high, final long low)
    {
        if (partCount >= MAX_PARTS - 1 || label.length() > MAX_LABEL_LENGTH)
        {
            othersHigh += high;
            othersLow += low;
        }
        else
        {
            putPart(label, high, low);
        }
    }

    private void putPart(final CharSequence label, final long high, final long low)
    {
        parts.putLong(partsLength, high, ByteOrder.LITTLE_ENDIAN);
        parts.putLong(partsLength + Long.BYTES, low, ByteOrder.LITTLE_ENDIAN);
        partsLength = putLabel(parts, partsLength + 2 * Long.BYTES, label);
        partCount++;
    }

    void addGauge(final String label, final long value)
    {
        if (gaugesLength + Long.BYTES + 1 + Math.min(label.length(), MAX_LABEL_LENGTH) <= GAUGES_LENGTH)
        {
            gauges.putLong(gaugesLength, value, ByteOrder.LITTLE_ENDIAN);
            gaugesLength = putLabel(gauges, gaugesLength + Long.BYTES, label);
            gaugeCount++;
        }
    }

    /** Each character is one byte: a label is ASCII, or holds the bytes of a name in the low halves of its characters. */
    private static int putLabel(final UnsafeBuffer buffer, final int offset, final CharSequence label)
    {
        final int length = Math.min(label.length(), MAX_LABEL_LENGTH);
        buffer.putByte(offset, (byte)length);
        for (int i = 0; i < length; i++)
        {
            buffer.putByte(offset + 1 + i, (byte)label.charAt(i));
        }

        return offset + 1 + length;
    }

    void encode(final long durableSequence, final long timeNs, final Digest digest, final QueryHandler handler)
    {
        if (othersHigh != 0 || othersLow != 0)
        {
            putPart("others", othersHigh, othersLow);
        }

        report.wrapAndApplyHeader(message, 0, header)
            .durableSequence(durableSequence)
            .timeNs(timeNs)
            .digestHigh(digest.high())
            .digestLow(digest.low());

        final int partsEnd = putGroup(
            report.limit(), StatusReportEncoder.PartsEncoder.sbeBlockLength(), partCount, parts, partsLength);
        final int end = putGroup(
            partsEnd, StatusReportEncoder.GaugesEncoder.sbeBlockLength(), gaugeCount, gauges, gaugesLength);
        handler.onChunk(message, 0, end, true);
    }

    private int putGroup(
        final int position, final int blockLength, final int count, final UnsafeBuffer entries, final int length)
    {
        message.putShort(position, (short)blockLength, ByteOrder.LITTLE_ENDIAN);
        message.putShort(position + Short.BYTES, (short)count, ByteOrder.LITTLE_ENDIAN);
        message.putBytes(position + GROUP_HEADER_LENGTH, entries, 0, length);
        return position + GROUP_HEADER_LENGTH + length;
    }
}
