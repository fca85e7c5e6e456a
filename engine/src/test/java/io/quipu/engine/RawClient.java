package io.quipu.engine;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.quipu.codecs.egress.ConnectedDecoder;
import io.quipu.codecs.egress.CounterValuesDecoder;
import io.quipu.codecs.egress.MessageHeaderDecoder;
import io.quipu.codecs.egress.QueryReplyDecoder;
import io.quipu.codecs.egress.RefusedDecoder;
import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.ResultValuesDecoder;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.codecs.egress.StatusReportDecoder;
import io.quipu.codecs.ingress.Ack;
import io.quipu.transport.Channels;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Speaks the schema over raw Aeron, in the caller's thread, with a driver of its own: a client that does what a test
 * tells it, also what a good one would not.
 */
public final class RawClient implements AutoCloseable
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    public final List<byte[]> received = new ArrayList<>();
    /** Told of what is received; keeps it, unless a test wants something else. */
    public MessageListener listener = this::keep;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription responses;
    private final ExclusivePublication requests;
    private final FragmentAssembler assembler =
        new FragmentAssembler((buffer, offset, length, header) -> listener.onMessage(buffer, offset, length));
    private final long key;
    private long correlationId;
    private Throwable failure;
    private long lastKeepAliveNs;

    /** Hears one message of the engine. */
    public interface MessageListener
    {
        void onMessage(DirectBuffer buffer, int offset, int length);
    }

    /**
     * Connects, and proves the connection.
     *
     * @param ingress   HOST:PORT.
     * @param directory for the driver; must not exist.
     */
    public RawClient(final String ingress, final Path directory)
    {
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .aeronDirectoryName(directory.toString())
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.INVOKER)
            .asyncExecutorEnabled(false)
            .publicationTermBufferLength(Channels.TERM_LENGTH)
            .termBufferSparseFile(true)
            .lowStorageWarningThreshold(0)
            .counterValuesBufferLength(Configuration.COUNTERS_VALUES_BUFFER_LENGTH_MIN)
            .errorHandler(ex -> {}));
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .errorHandler(ex -> failure = ex));
        final int colon = ingress.lastIndexOf(':');
        final String host = ingress.substring(0, colon);
        final int port = Integer.parseInt(ingress.substring(colon + 1));
        responses = aeron.addSubscription(Channels.response(host, port), Channels.RESPONSE_STREAM_ID);
        final ChannelUri uri = ChannelUri.parse(Channels.ingress(host, port) + "|term-length=" + Channels.TERM_LENGTH);
        uri.put("response-correlation-id", Long.toString(responses.registrationId()));
        requests = aeron.addExclusivePublication(uri.toString(), Channels.INGRESS_STREAM_ID);
        send(Frames.connect(7));
        key = awaitConnected();
        send(Frames.keepAlive(key));
    }

    private void keep(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        received.add(bytes);
    }

    private long awaitConnected()
    {
        await("connected", () -> last(ConnectedDecoder.TEMPLATE_ID) != null);
        return new ConnectedDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(last(ConnectedDecoder.TEMPLATE_ID)), 0, new MessageHeaderDecoder())
            .connectionKey();
    }

    public long key()
    {
        return key;
    }

    /** Sends a frame, waiting while there is no room. */
    void send(final byte[] frame)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        await("send", () -> requests.offer(buffer, 0, frame.length) > 0);
    }

    /** Sends a frame if there is room. */
    public boolean offer(final DirectBuffer frame)
    {
        return requests.offer(frame, 0, frame.capacity()) > 0;
    }

    public int poll()
    {
        int work = driver.sharedAgentInvoker().invoke() + aeron.conductorAgentInvoker().invoke();
        work += responses.poll(assembler, 256);
        if (failure instanceof AssertionError)
        {
            // Aeron catches what a listener throws.
            throw (AssertionError)failure;
        }
        if (0 != key && System.nanoTime() - lastKeepAliveNs > TimeUnit.SECONDS.toNanos(1))
        {
            lastKeepAliveNs = System.nanoTime();
            requests.offer(new UnsafeBuffer(Frames.keepAlive(key)));
        }

        return work;
    }

    /** Polls until a condition holds. */
    public void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean())
        {
            if (0 == poll())
            {
                Thread.yield();
            }

            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("no " + what + " within " + TIMEOUT_NS + " ns; got " + describe());
            }
        }
    }

    private String describe()
    {
        final StringBuilder text = new StringBuilder();
        received.forEach(bytes -> text.append(templateId(bytes)).append(' '));
        return text.toString();
    }

    /** Attaches a session and returns the answer: attached or refused. */
    public byte[] attach(final long token, final long firstAttachedAt, final long lastSent)
    {
        final int before = received.size();
        send(Frames.attach(key, ++correlationId, token, firstAttachedAt, lastSent));
        return awaitOne(before, SessionAttachedDecoder.TEMPLATE_ID, RefusedDecoder.TEMPLATE_ID);
    }

    /** Attaches a new session, and returns the attachment. */
    long attach(final long token)
    {
        return attached(attach(token, -1, 0)).attachment();
    }

    /** Sends a Submit frame of one request and returns the answer. */
    byte[] submit(final long attachment, final Frames.Body body)
    {
        final int before = received.size();
        send(new Frames.Submit(key, attachment).request(body).encode());
        return awaitOne(before, ReplyDecoder.TEMPLATE_ID, RefusedDecoder.TEMPLATE_ID);
    }

    /** Sends a query and returns its first chunk. */
    byte[] query(final byte[] frame)
    {
        final int before = received.size();
        send(frame);
        return awaitOne(before, QueryReplyDecoder.TEMPLATE_ID, RefusedDecoder.TEMPLATE_ID);
    }

    long nextCorrelationId()
    {
        return ++correlationId;
    }

    /** Waits for the first message of one of these templates behind those received before. */
    byte[] awaitOne(final int before, final int... templateIds)
    {
        await("message of " + Arrays.toString(templateIds), () -> find(before, templateIds) != null);
        return find(before, templateIds);
    }

    private byte[] find(final int before, final int... templateIds)
    {
        for (int i = before; i < received.size(); i++)
        {
            for (final int templateId : templateIds)
            {
                if (templateId(received.get(i)) == templateId)
                {
                    return received.get(i);
                }
            }
        }

        return null;
    }

    private byte[] last(final int templateId)
    {
        for (int i = received.size() - 1; i >= 0; i--)
        {
            if (templateId(received.get(i)) == templateId)
            {
                return received.get(i);
            }
        }

        return null;
    }

    List<byte[]> received(final int templateId)
    {
        return received.stream().filter(bytes -> templateId(bytes) == templateId).toList();
    }

    public static int templateId(final byte[] bytes)
    {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(bytes), 0).templateId();
    }

    public static SessionAttachedDecoder attached(final byte[] bytes)
    {
        return new SessionAttachedDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
    }

    public static RefusedDecoder refused(final byte[] bytes)
    {
        return new RefusedDecoder().wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
    }

    static ReplyDecoder reply(final byte[] bytes)
    {
        return new ReplyDecoder().wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
    }

    static QueryReplyDecoder queryReply(final byte[] bytes)
    {
        return new QueryReplyDecoder().wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderDecoder());
    }

    /** The result message behind a Reply envelope: the bytes that are kept for retries. */
    static byte[] result(final byte[] reply)
    {
        return Arrays.copyOfRange(reply, HEADER + ReplyDecoder.BLOCK_LENGTH, reply.length);
    }

    /** The body message behind a QueryReply envelope. */
    static byte[] body(final byte[] queryReply)
    {
        return Arrays.copyOfRange(queryReply, HEADER + QueryReplyDecoder.BLOCK_LENGTH, queryReply.length);
    }

    /** The value that a one-command request in the form VALUES was answered with. */
    static long value(final byte[] reply)
    {
        return new ResultValuesDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(result(reply)), 0, new MessageHeaderDecoder())
            .results().next().value();
    }

    /** Asks for a counter. */
    long counter(final String name)
    {
        final byte[] answer = query(Frames.getCounter(key, nextCorrelationId(), Ack.JOURNALED, name));
        return new CounterValuesDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(body(answer)), 0, new MessageHeaderDecoder())
            .counters().next().value();
    }

    /** Sequence and digest of the engine, as one answer. */
    String status()
    {
        final byte[] answer = query(Frames.status(key, nextCorrelationId()));
        final StatusReportDecoder report = new StatusReportDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(body(answer)), 0, new MessageHeaderDecoder());
        return queryReply(answer).sequence() + " " + Long.toHexString(report.digestHigh()) + "-" +
            Long.toHexString(report.digestLow());
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(aeron, driver);
    }
}
