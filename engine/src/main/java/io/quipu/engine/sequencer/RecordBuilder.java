package io.quipu.engine.sequencer;

import io.quipu.codecs.FrameValidator;
import io.quipu.codecs.SubmitFrame;
import io.quipu.codecs.storage.MessageHeaderEncoder;
import io.quipu.codecs.storage.RequestFrameEncoder;
import io.quipu.codecs.storage.SessionCloseFrameEncoder;
import io.quipu.codecs.storage.SessionOpenFrameEncoder;
import io.quipu.journal.JournalAppender;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * Builds the body of the next record in place, in the appender's own buffer: what is appended and what is applied are
 * the same bytes. For the sequencer thread; allocates nothing.
 */
final class RecordBuilder
{
    /** Most requests in a record, so that their replies are bounded too. */
    static final int MAX_REQUESTS = 4096;

    private static final int REQUEST_OVERHEAD =
        MessageHeaderEncoder.ENCODED_LENGTH + RequestFrameEncoder.BLOCK_LENGTH + FrameValidator.FRAME_ALIGNMENT;

    private final JournalAppender appender;
    private final MutableDirectBuffer buffer;
    private final int bodyOffset;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RequestFrameEncoder request = new RequestFrameEncoder();
    private final SessionOpenFrameEncoder sessionOpen = new SessionOpenFrameEncoder();
    private final SessionCloseFrameEncoder sessionClose = new SessionCloseFrameEncoder();

    private long number;
    private int length;
    private int entryCount;
    private int requestCount;
    private int commandCount;

    RecordBuilder(final JournalAppender appender)
    {
        this.appender = appender;
        buffer = appender.buffer();
        bodyOffset = appender.bodyOffset();
    }

    boolean isEmpty()
    {
        return 0 == entryCount;
    }

    /** Whether another request with so many bytes of commands fits. */
    boolean hasRoom(final int commandsLength)
    {
        return requestCount < MAX_REQUESTS &&
            length + REQUEST_OVERHEAD + commandsLength <= appender.maxBodyLength();
    }

    /** Stages the request that the frame stands at. */
    void addRequest(final int sessionId, final SubmitFrame frame)
    {
        final int commandsLength = frame.commandsLength();
        request.wrapAndApplyHeader(buffer, bodyOffset + length, header)
            .requestSequence(frame.requestSequence())
            .repliesReceivedUpTo(frame.repliesReceivedUpTo())
            .sessionId(sessionId & 0xFFFF_FFFFL)
            .length(commandsLength)
            .commandCount(frame.commandCount())
            .replyForm((short)frame.replyForm())
            .mode((short)frame.mode())
            .reserved(0);

        final int payloadOffset = request.limit();
        buffer.putBytes(payloadOffset, frame.buffer(), frame.commandsOffset(), commandsLength);
        end(payloadOffset + commandsLength);
        entryCount += frame.commandCount();
        requestCount++;
        commandCount += frame.commandCount();
    }

    void addSessionOpen(final int sessionId, final long tokenHashHigh, final long tokenHashLow)
    {
        sessionOpen.wrapAndApplyHeader(buffer, bodyOffset + length, header)
            .tokenHashHigh(tokenHashHigh)
            .tokenHashLow(tokenHashLow)
            .sessionId(sessionId & 0xFFFF_FFFFL)
            .reserved(0);
        end(sessionOpen.limit());
        entryCount++;
    }

    void addSessionClose(final int sessionId)
    {
        sessionClose.wrapAndApplyHeader(buffer, bodyOffset + length, header)
            .sessionId(sessionId & 0xFFFF_FFFFL)
            .reserved(0);
        end(sessionClose.limit());
        entryCount++;
    }

    private void end(final int frameEnd)
    {
        final int aligned = bodyOffset + BitUtil.align(frameEnd - bodyOffset, FrameValidator.FRAME_ALIGNMENT);
        buffer.setMemory(frameEnd, aligned - frameEnd, (byte)0);
        length = aligned - bodyOffset;
    }

    /** Starts the next record. */
    void clear()
    {
        number++;
        length = 0;
        entryCount = 0;
        requestCount = 0;
        commandCount = 0;
    }

    /** Number of this record within the process. */
    long number()
    {
        return number;
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    int bodyOffset()
    {
        return bodyOffset;
    }

    int length()
    {
        return length;
    }

    int entryCount()
    {
        return entryCount;
    }

    int requestCount()
    {
        return requestCount;
    }

    /** Entries that are commands. */
    int commandCount()
    {
        return commandCount;
    }
}
