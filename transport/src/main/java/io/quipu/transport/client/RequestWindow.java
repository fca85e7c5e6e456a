package io.quipu.transport.client;

import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.MessageHeaderEncoder;
import io.quipu.codecs.ingress.RequestEncoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Copies of the requests that have no outcome yet, by their request sequence, and which of them may be sent.
 * <pre>
 *   acknowledgedUpTo   answeredUpTo        nextToSend         admittedUpTo        offeredUpTo
 *          |                |                   |                   |                  |
 *   -------+----------------+-------------------+-------------------+------------------+
 *   forgot |  outcome known | sent, some        | to be sent, some  | waits until the  |
 *          |                | answered          | for another time  | engine has room  |
 * </pre>
 * The engine keeps the replies behind {@code acknowledgedUpTo}: at most so many, of so many bytes. What may be sent is limited so
 * that it never has to refuse one for that; unknown replies count with their longest length.
 * <p>
 * The bytes lie in a ring, each request whole and on a multiple of 8, as they go over the wire; neighbours share a frame without
 * being copied. The two sequences of a request are written each time it is sent. One thread; allocates at the start only.
 */
final class RequestWindow
{
    /** {@link #append} has no room. */
    static final long NO_ROOM = -1;

    private static final byte QUEUED = 0;
    private static final byte SENT = 1;
    private static final byte ANSWERED = 2;

    private static final int SEQUENCE_OFFSET =
        MessageHeaderEncoder.ENCODED_LENGTH + RequestEncoder.requestSequenceEncodingOffset();
    private static final int RECEIVED_OFFSET =
        MessageHeaderEncoder.ENCODED_LENGTH + RequestEncoder.repliesReceivedUpToEncodingOffset();

    private final int mask;
    private final UnsafeBuffer ring;
    private final byte[] states;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] replyLengths;
    private final long[] correlations;
    /** When it was sent last. */
    private final long[] sentNs;
    /** Whether it was sent last in one frame with others. */
    private final boolean[] shared;
    private final boolean manualAcknowledge;

    private int maxRequests;
    private int maxReplyBytes;

    private long acknowledgedUpTo;
    private long answeredUpTo;
    private long nextToSend;
    private long admittedUpTo;
    private long offeredUpTo;
    /** A reply was seen for this one, and none for a higher one. */
    private long highestAnswered;
    private long highestSent;
    /** Longest replies of those in (acknowledgedUpTo, admittedUpTo]. */
    private int admittedReplyBytes;
    private int unanswered;
    /** Where the next request goes. */
    private int head;

    private long runFirst;
    private int runCount;
    private int runOffset;
    private int runLength;

    /**
     * @param capacity          requests held, a power of two.
     * @param bytes             of them.
     * @param receivedUpTo      of the session that goes on; 0 for a new one.
     * @param manualAcknowledge whether an outcome does not acknowledge by itself.
     */
    RequestWindow(final int capacity, final int bytes, final long receivedUpTo, final boolean manualAcknowledge)
    {
        if (!BitUtil.isPowerOfTwo(capacity))
        {
            throw new IllegalArgumentException("capacity=" + capacity + ": expected a power of two");
        }
        mask = capacity - 1;
        ring = new UnsafeBuffer(new byte[BitUtil.align(bytes, Long.BYTES)]);
        states = new byte[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
        replyLengths = new int[capacity];
        correlations = new long[capacity];
        sentNs = new long[capacity];
        shared = new boolean[capacity];
        this.manualAcknowledge = manualAcknowledge;
        acknowledgedUpTo = receivedUpTo;
        answeredUpTo = receivedUpTo;
        admittedUpTo = receivedUpTo;
        offeredUpTo = receivedUpTo;
        highestAnswered = receivedUpTo;
        nextToSend = receivedUpTo + 1;
    }

    /** What the engine keeps for a session. */
    void limits(final int newMaxRequests, final int newMaxReplyBytes)
    {
        maxRequests = newMaxRequests;
        maxReplyBytes = newMaxReplyBytes;
        admit();
    }

    long acknowledgedUpTo()
    {
        return acknowledgedUpTo;
    }

    long answeredUpTo()
    {
        return answeredUpTo;
    }

    long offeredUpTo()
    {
        return offeredUpTo;
    }

    long highestAnswered()
    {
        return highestAnswered;
    }

    /** Highest request sequence ever sent. */
    long highestSent()
    {
        return highestSent;
    }

    int unanswered()
    {
        return unanswered;
    }

    /** Whether anything could be sent now. */
    boolean hasSendable()
    {
        return nextToSend <= admittedUpTo;
    }

    /** Whether something was sent that has no outcome. */
    boolean hasUnderWay()
    {
        return nextToSend > answeredUpTo + 1;
    }

    /** Takes a copy of a request; returns its request sequence or {@link #NO_ROOM}. */
    long append(final Request request, final long correlation, final Ack defaultAck)
    {
        final int length = request.length();
        final int offset = allocate(length);
        if (offset < 0 || offeredUpTo - acknowledgedUpTo > mask)
        {
            return NO_ROOM;
        }
        request.encode(ring, offset, defaultAck);
        head = offset + length;

        final int index = index(++offeredUpTo);
        states[index] = QUEUED;
        offsets[index] = offset;
        lengths[index] = length;
        replyLengths[index] = request.worstCaseReplyLength();
        correlations[index] = correlation;
        unanswered++;
        admit();
        return offeredUpTo;
    }

    /** Whether a request waits for its outcome and may be in the engine's hands. */
    boolean isUnderWay(final long number)
    {
        return number > answeredUpTo && number <= offeredUpTo && SENT == states[index(number)];
    }

    boolean isUnanswered(final long number)
    {
        return number > answeredUpTo && number <= offeredUpTo && ANSWERED != states[index(number)];
    }

    /** Of a request behind {@link #answeredUpTo()}. */
    long correlation(final long number)
    {
        return correlations[index(number)];
    }

    /** Whether it was sent last in one frame with others. */
    boolean wasShared(final long number)
    {
        return shared[index(number)];
    }

    /** When the oldest request without an outcome was sent last; only while {@link #hasUnderWay()}. */
    long oldestSentNs()
    {
        return sentNs[index(answeredUpTo + 1)];
    }

    /**
     * The outcome of a request is known.
     *
     * @param replyLength of the result message that the engine keeps for it.
     */
    void answered(final long number, final int replyLength)
    {
        final int index = index(number);
        if (number <= admittedUpTo)
        {
            admittedReplyBytes -= replyLengths[index] - replyLength;
        }
        replyLengths[index] = replyLength;
        states[index] = ANSWERED;
        highestAnswered = Math.max(highestAnswered, number);
        unanswered--;
        while (answeredUpTo < offeredUpTo && ANSWERED == states[index(answeredUpTo + 1)])
        {
            answeredUpTo++;
        }
        nextToSend = Math.max(nextToSend, answeredUpTo + 1);
        if (!manualAcknowledge)
        {
            acknowledge(answeredUpTo);
        }
        admit();
    }

    /** The engine need not keep replies up to here any longer. */
    void acknowledge(final long number)
    {
        while (acknowledgedUpTo < number)
        {
            acknowledgedUpTo++;
            if (acknowledgedUpTo <= admittedUpTo)
            {
                admittedReplyBytes -= replyLengths[index(acknowledgedUpTo)];
            }
        }
        admittedUpTo = Math.max(admittedUpTo, acknowledgedUpTo);
        admit();
    }

    /** Everything from here on that has no outcome is to be sent again. */
    void rewind(final long number)
    {
        nextToSend = Math.max(answeredUpTo + 1, Math.min(nextToSend, number));
    }

    /** Everything without an outcome is to be sent again. */
    void rewind()
    {
        nextToSend = answeredUpTo + 1;
    }

    /**
     * Takes out a request that was surely not applied, nor any behind it: their request sequences move down by one.
     */
    void remove(final long number)
    {
        if (number <= admittedUpTo)
        {
            admittedReplyBytes -= replyLengths[index(number)];
            admittedUpTo--;
        }
        for (long next = number; next < offeredUpTo; next++)
        {
            move(index(next + 1), index(next));
        }
        offeredUpTo--;
        unanswered--;
        rewind(number);
        admit();
    }

    /**
     * Chooses the requests of the next frame: those from the first one to be sent on that lie side by side.
     *
     * @param maxLength   of them together; one alone may be longer.
     * @param maxRequests of them.
     * @return false when there is nothing to be sent.
     */
    boolean prepareRun(final int maxLength, final int maxRequestCount)
    {
        while (nextToSend <= admittedUpTo && ANSWERED == states[index(nextToSend)])
        {
            nextToSend++;
        }
        if (nextToSend > admittedUpTo)
        {
            return false;
        }
        runFirst = nextToSend;
        runOffset = offsets[index(runFirst)];
        runLength = lengths[index(runFirst)];
        runCount = 1;
        for (long next = runFirst + 1; next <= admittedUpTo && runCount < maxRequestCount; next++)
        {
            final int index = index(next);
            if (ANSWERED == states[index] ||
                offsets[index] != runOffset + runLength ||
                runLength + lengths[index] > maxLength)
            {
                break;
            }
            runLength += lengths[index];
            runCount++;
        }
        return true;
    }

    /** Writes the sequences of the requests that {@link #prepareRun} chose. */
    void stampRun()
    {
        for (int i = 0; i < runCount; i++)
        {
            final int offset = offsets[index(runFirst + i)];
            ring.putLong(offset + SEQUENCE_OFFSET, runFirst + i, LITTLE_ENDIAN);
            ring.putLong(offset + RECEIVED_OFFSET, acknowledgedUpTo, LITTLE_ENDIAN);
        }
    }

    /** They were sent; returns how many of them not for the first time. */
    int runSent(final long nowNs)
    {
        int resent = 0;
        for (int i = 0; i < runCount; i++)
        {
            final int index = index(runFirst + i);
            resent += SENT == states[index] ? 1 : 0;
            states[index] = SENT;
            sentNs[index] = nowNs;
            shared[index] = runCount > 1;
        }
        nextToSend = runFirst + runCount;
        highestSent = Math.max(highestSent, nextToSend - 1);
        return resent;
    }

    /** Whether the requests chosen were never sent before. */
    boolean isRunNew()
    {
        return QUEUED == states[index(runFirst)];
    }

    long runFirst()
    {
        return runFirst;
    }

    int runCount()
    {
        return runCount;
    }

    DirectBuffer ring()
    {
        return ring;
    }

    int runOffset()
    {
        return runOffset;
    }

    int runLength()
    {
        return runLength;
    }

    private void admit()
    {
        while (admittedUpTo < offeredUpTo && admittedUpTo - acknowledgedUpTo < maxRequests)
        {
            final int replyLength = replyLengths[index(admittedUpTo + 1)];
            // One too long for any window goes alone, for the engine to refuse.
            if (admittedReplyBytes + replyLength > maxReplyBytes && admittedUpTo > acknowledgedUpTo)
            {
                return;
            }
            admittedReplyBytes += replyLength;
            admittedUpTo++;
        }
    }

    private void move(final int from, final int to)
    {
        states[to] = states[from];
        offsets[to] = offsets[from];
        lengths[to] = lengths[from];
        replyLengths[to] = replyLengths[from];
        correlations[to] = correlations[from];
        sentNs[to] = sentNs[from];
        shared[to] = shared[from];
    }

    /** Room for one request, not cut by the ring's end; -1 when there is none. */
    private int allocate(final int length)
    {
        final int capacity = ring.capacity();
        if (answeredUpTo == offeredUpTo)
        {
            return length <= capacity ? 0 : -1;
        }
        final int tail = offsets[index(answeredUpTo + 1)];
        if (head > tail)
        {
            return capacity - head >= length ? head : tail >= length ? 0 : -1;
        }
        return tail - head >= length ? head : -1;
    }

    private int index(final long number)
    {
        return (int)number & mask;
    }
}
