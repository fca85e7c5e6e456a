package io.quipu.transport.client;

import io.quipu.codecs.CommandRuns;
import io.quipu.codecs.SubmitFrame;
import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.CounterValuesEncoder;
import io.quipu.codecs.egress.Flag;
import io.quipu.codecs.egress.MessageHeaderEncoder;
import io.quipu.codecs.egress.QueryReplyEncoder;
import io.quipu.codecs.egress.RefusedEncoder;
import io.quipu.codecs.egress.ReplyEncoder;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.egress.ResultValuesEncoder;
import io.quipu.codecs.egress.SessionAttachedEncoder;
import io.quipu.codecs.egress.SessionClosedEncoder;
import io.quipu.codecs.ingress.AddDecoder;
import io.quipu.codecs.ingress.AttachSessionDecoder;
import io.quipu.codecs.ingress.CloseSessionDecoder;
import io.quipu.codecs.ingress.GetCountersDecoder;
import io.quipu.codecs.ingress.MessageHeaderDecoder;
import io.quipu.codecs.ingress.QueryDecoder;
import io.quipu.transport.EngineProgress;
import io.quipu.transport.EngineTransport;
import io.quipu.transport.IngressHandler;
import io.quipu.transport.TransportContext;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody to talk to: the engine's transport with the session rules of the protocol behind it, over maps, on a thread of its
 * own. It understands adds, and can drop replies, refuse, fall silent and start anew.
 */
final class TestPeer implements IngressHandler, EngineProgress, AutoCloseable
{
    /** What a test decides; called on the peer's thread. */
    interface Faults
    {
        /** OK, or what to refuse a new request with, before it is applied. */
        default ResultCode refuse(final long requestSequence, final List<String> counters)
        {
            return ResultCode.OK;
        }

        /** Whether the frame is refused as MALFORMED, naming its first request. */
        default boolean isFrameRefused(final List<String> counters)
        {
            return false;
        }

        default boolean isSessionEvicted(final String token)
        {
            return false;
        }

        default boolean isReplyDropped(final long requestSequence, final boolean isRetry)
        {
            return false;
        }
    }

    private static final class Session
    {
        long lastRequestSequence;
        final TreeMap<Long, byte[]> kept = new TreeMap<>();
    }

    /** Names of added counters in the order of their application, over all sessions and restarts. */
    final List<String> applied = Collections.synchronizedList(new ArrayList<>());
    /** Request counts of Submit frames as they came. */
    final List<Integer> frames = Collections.synchronizedList(new ArrayList<>());
    final Set<String> closedTokens = ConcurrentHashMap.newKeySet();
    volatile Faults faults = new Faults() {};
    volatile boolean isSilent;

    private final Path directory;
    private final Map<String, Session> sessions = new HashMap<>();
    /** Ever attached; the place of a session is part of its attachment. */
    private final List<String> tokens = new ArrayList<>();
    private final Map<Long, String> attachments = new HashMap<>();
    private final Map<String, Long> counters = new HashMap<>();
    private final SubmitFrame submit = new SubmitFrame();
    private final CommandRuns runs = new CommandRuns();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerOut = new MessageHeaderEncoder();
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[64 * 1024]);
    private final String address;

    private EngineTransport transport;
    private Thread thread;
    private volatile boolean isRunning;
    private volatile RuntimeException failure;
    private volatile int epoch;
    private volatile long sequence;

    TestPeer(final Path directory)
    {
        this.directory = directory;
        start("localhost:0");
        address = transport.ingressAddress();
    }

    String address()
    {
        return address;
    }

    Path aeronDirectory()
    {
        return transport.aeronDirectory();
    }

    /** All connections and attachments are gone; what was applied stays. */
    void restart()
    {
        stop();
        start(address);
    }

    void stop()
    {
        isRunning = false;
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        transport.close();
        if (null != failure)
        {
            throw failure;
        }
    }

    /** Sessions are forgotten, as by an engine that lost its directory. */
    void forgetSessions()
    {
        sessions.clear();
    }

    private void start(final String ingress)
    {
        epoch++;
        attachments.clear();
        transport = EngineTransport.launch(new TransportContext()
            .directory(directory)
            .ingress(ingress)
            .feed(TransportContext.FEED_OFF)
            .progress(this));
        isRunning = true;
        thread = new Thread(this::run, "test-peer");
        thread.start();
    }

    private void run()
    {
        try
        {
            while (isRunning)
            {
                if (isSilent || 0 == transport.doWork() + transport.ingress().poll(this, 100))
                {
                    LockSupport.parkNanos(20_000);
                }
            }
        }
        catch (final RuntimeException ex)
        {
            failure = ex;
        }
    }

    @Override
    public boolean onAttachSession(
        final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        final AttachSessionDecoder attach = new AttachSessionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final String token = attach.tokenHigh() + ":" + attach.tokenLow();
        if (faults.isSessionEvicted(token))
        {
            refuse(connectionId, attach.correlationId(), 0, RefusedEncoder.attachmentNullValue(),
                ResultCode.SESSION_EVICTED, 0);
            return true;
        }
        if (!tokens.contains(token))
        {
            tokens.add(token);
        }
        final long attachment = (long)connectionId << 8 & 0xFFFF_FFFFL | tokens.indexOf(token) & 0xFF;
        attachments.put(attachment, token);
        final Session session = sessions.get(token);
        new SessionAttachedEncoder().wrapAndApplyHeader(out, 0, headerOut)
            .correlationId(attach.correlationId())
            .lastRequestSequence(null == session ? 0 : session.lastRequestSequence)
            .sequence(sequence)
            .attachment(attachment)
            .sessionId(0)
            .epoch(epoch);
        return send(connectionId, 8 + SessionAttachedEncoder.BLOCK_LENGTH);
    }

    @Override
    public boolean onCloseSession(
        final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        final CloseSessionDecoder close = new CloseSessionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final String token = attachments.remove(close.attachment());
        sessions.remove(token);
        closedTokens.add(token);
        new SessionClosedEncoder().wrapAndApplyHeader(out, 0, headerOut)
            .correlationId(close.correlationId()).sequence(++sequence);
        return send(connectionId, 8 + SessionClosedEncoder.BLOCK_LENGTH);
    }

    @Override
    public boolean onSubmit(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        submit.wrap(buffer, offset, length);
        frames.add(submit.requestCount());
        final String token = attachments.get(submit.attachment());
        if (isRefused())
        {
            submit.wrap(buffer, offset, length).next();
            refuse(connectionId, ResultCode.MALFORMED, 0);
            return true;
        }
        submit.wrap(buffer, offset, length);
        while (submit.next())
        {
            if (null == token)
            {
                refuse(connectionId, ResultCode.UNKNOWN_ATTACHMENT, 0);
            }
            else
            {
                onRequest(connectionId, sessions.computeIfAbsent(token, (key) -> new Session()));
            }
        }
        return true;
    }

    private boolean isRefused()
    {
        final List<String> added = new ArrayList<>();
        while (submit.next())
        {
            readAdds(added, new ArrayList<>());
        }
        return faults.isFrameRefused(added);
    }

    private void onRequest(final int connectionId, final Session session)
    {
        final long number = submit.requestSequence();
        final long expected = session.lastRequestSequence + 1;
        final byte[] kept = session.kept.get(number);
        if (number > expected)
        {
            refuse(connectionId, ResultCode.OUT_OF_ORDER, expected);
        }
        else if (null != kept)
        {
            reply(connectionId, kept, true);
        }
        else if (number < expected)
        {
            refuse(connectionId, ResultCode.RETRY_TOO_OLD, 0);
        }
        else
        {
            onNew(connectionId, session, number);
        }
    }

    private void onNew(final int connectionId, final Session session, final long number)
    {
        final List<String> added = new ArrayList<>();
        final List<Long> deltas = new ArrayList<>();
        readAdds(added, deltas);
        final ResultCode refusal = faults.refuse(number, added);
        final int window = session.kept.tailMap(submit.repliesReceivedUpTo(), false).size();
        if (ResultCode.OK != refusal)
        {
            refuse(connectionId, refusal, 0);
        }
        else if (window >= 64)
        {
            throw new IllegalStateException("request " + number + " is beyond the window");
        }
        else
        {
            session.lastRequestSequence = number;
            session.kept.headMap(submit.repliesReceivedUpTo(), true).clear();
            final byte[] result = apply(number, added, deltas);
            session.kept.put(number, result);
            reply(connectionId, result, false);
        }
    }

    private void readAdds(final List<String> added, final List<Long> deltas)
    {
        final DirectBuffer buffer = submit.buffer();
        runs.wrap(buffer, submit.commandsOffset(), submit.commandsLength());
        while (runs.next())
        {
            if (AddDecoder.TEMPLATE_ID == runs.templateId())
            {
                while (runs.nextEntry())
                {
                    added.add(buffer.getStringWithoutLengthUtf8(runs.nameOffset(), runs.nameLength()));
                    deltas.add(buffer.getLong(runs.entryOffset()));
                }
            }
        }
    }

    private byte[] apply(final long number, final List<String> added, final List<Long> deltas)
    {
        final ResultValuesEncoder result = new ResultValuesEncoder().wrapAndApplyHeader(out, 0, headerOut)
            .requestSequence(number)
            .firstSequence(sequence + 1)
            .sessionId(1)
            .commandCount(added.size())
            .refusedIndex(65_535)
            .code(ResultCode.OK);
        final ResultValuesEncoder.ResultsEncoder results = result.resultsCount(added.size());
        for (int i = 0; i < added.size(); i++)
        {
            final long value = counters.merge(added.get(i), deltas.get(i), Long::sum);
            results.next().value(value).code(ResultCode.OK);
            applied.add(added.get(i));
            sequence++;
        }
        final byte[] bytes = new byte[8 + result.encodedLength()];
        out.getBytes(0, bytes);
        return bytes;
    }

    private void reply(final int connectionId, final byte[] result, final boolean isRetry)
    {
        if (!faults.isReplyDropped(submit.requestSequence(), isRetry))
        {
            final ReplyEncoder reply = new ReplyEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .attachment(submit.attachment())
                .epoch(epoch)
                .ackReached(AckReached.JOURNALED)
                .retried(isRetry ? Flag.YES : Flag.NO);
            final int envelope = 8 + reply.encodedLength();
            out.putBytes(envelope, result);
            send(connectionId, envelope + result.length);
        }
    }

    private void refuse(final int connectionId, final ResultCode code, final long detail)
    {
        refuse(connectionId, 0, submit.requestSequence(), submit.attachment(), code, detail);
    }

    private void refuse(
        final int connectionId,
        final long correlationId,
        final long requestSequence,
        final long attachment,
        final ResultCode code,
        final long detail)
    {
        new RefusedEncoder().wrapAndApplyHeader(out, 0, headerOut)
            .correlationId(correlationId)
            .requestSequence(requestSequence)
            .detail(detail)
            .attachment(attachment)
            .code(code);
        send(connectionId, 8 + RefusedEncoder.BLOCK_LENGTH);
    }

    /** GetCounters is answered with one chunk a counter; all else with NO_SUCH_BOARD. */
    @Override
    public boolean onQuery(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        final QueryDecoder query = new QueryDecoder().wrapAndApplyHeader(buffer, offset, header);
        final int body = offset + 8 + query.encodedLength();
        header.wrap(buffer, body);
        if (GetCountersDecoder.TEMPLATE_ID != header.templateId())
        {
            send(connectionId, queryReply(query.correlationId(), 0, true, ResultCode.NO_SUCH_BOARD));
            return true;
        }
        int chunk = 0;
        for (final GetCountersDecoder.CountersDecoder row :
            new GetCountersDecoder().wrapAndApplyHeader(buffer, body, header).counters())
        {
            final byte[] name = new byte[row.counterLength()];
            row.getCounter(name, 0, name.length);
            final Long value = counters.get(new String(name, StandardCharsets.UTF_8));
            final int envelope = queryReply(query.correlationId(), chunk++, chunk == row.count(), ResultCode.OK);
            final CounterValuesEncoder values = new CounterValuesEncoder().wrapAndApplyHeader(out, envelope, headerOut);
            values.countersCount(1).next().value(null == value ? 0 : value).present(null == value ? Flag.NO : Flag.YES);
            if (!faults.isReplyDropped(0, chunk == 1))
            {
                send(connectionId, envelope + 8 + values.encodedLength());
            }
        }
        return true;
    }

    private int queryReply(final long correlationId, final int chunk, final boolean isLast, final ResultCode code)
    {
        return 8 + new QueryReplyEncoder().wrapAndApplyHeader(out, 0, headerOut)
            .correlationId(correlationId)
            .sequence(sequence)
            .epoch(epoch)
            .chunk(chunk)
            .last(isLast ? Flag.YES : Flag.NO)
            .code(code)
            .ackReached(AckReached.JOURNALED)
            .encodedLength();
    }

    private boolean send(final int connectionId, final int length)
    {
        transport.egress().offer(connectionId, out, 0, length);
        return true;
    }

    @Override
    public void onConnectionClosed(final int connectionId)
    {
    }

    @Override
    public long sequence()
    {
        return sequence;
    }

    @Override
    public long durableSequence()
    {
        return sequence;
    }

    @Override
    public int epoch()
    {
        return epoch;
    }

    @Override
    public int maxRequestCommands()
    {
        return 4096;
    }

    @Override
    public void close()
    {
        if (isRunning)
        {
            stop();
        }
    }
}
