package io.quipu.engine;

import io.quipu.codecs.egress.ReplyDecoder;
import io.quipu.codecs.egress.SessionAttachedDecoder;
import io.quipu.engine.recovery.DigestText;
import io.quipu.engine.state.StateMachine;
import io.quipu.journal.Journal;
import io.quipu.journal.JournalContext;
import io.quipu.journal.ScanResult;
import io.quipu.transport.ConnectionId;
import io.quipu.transport.Feed;
import io.quipu.transport.Ingress;
import io.quipu.transport.IngressHandler;
import org.agrona.DirectBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shipped {@link EngineCore} and one client of it, without threads, network and files: each step is the test's. A
 * failure of any step comes out of it, as it would end the engine.
 */
final class SteppedEngine implements Ingress, WholeEgress, AutoCloseable
{
    private static final int CONNECTION = ConnectionId.of(1, 1);
    private static final int RING_CAPACITY = 256;
    private static final int ARENA_CAPACITY = 1 << 20;

    /** All that has left the engine. */
    final List<byte[]> sent = new ArrayList<>();
    /** Run when a message is about to leave. */
    Runnable beforeSend = () -> { };
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private final Journal journal;
    private final EngineCore core;
    private ScanResult found;

    /** Takes the lock; nothing is read before {@link #start()}. */
    SteppedEngine(final EngineContext context, final JournalContext journalContext)
    {
        journal = Journal.open(journalContext);
        core = new EngineCore(context.ring(RING_CAPACITY, ARENA_CAPACITY), journal);
    }

    /** Recovers and begins an epoch. */
    SteppedEngine start()
    {
        found = core.recover();
        core.start(new EngineSeams(
            this, this, Feed.OFF, journal.store()::freeBytes, () -> { }, (sink) -> { }));
        return this;
    }

    /** What recovery found. */
    ScanResult found()
    {
        return found;
    }

    EngineCore core()
    {
        return core;
    }

    String digest()
    {
        final StateMachine state = core.state();
        return DigestText.of(state.digest().high(), state.digest().low());
    }

    void send(final byte[] frame)
    {
        frames.add(frame);
    }

    /** Takes in, journals and applies what was sent, then sends what may leave. */
    void turn() throws Exception
    {
        core.sequence();
        core.publish();
    }

    /** Attaches a session; the answer says how far it has got. */
    SessionAttachedDecoder attach(final long token) throws Exception
    {
        send(Frames.attach(0, 1, token, -1, 0));
        turn();
        final byte[] answer = sent.get(sent.size() - 1);
        assertThat(RawClient.templateId(answer)).isEqualTo(SessionAttachedDecoder.TEMPLATE_ID);
        return RawClient.attached(answer);
    }

    /** Submits one request, and does nothing more. */
    void submit(final long attachment, final Frames.Body body)
    {
        send(new Frames.Submit(0, attachment).request(body).encode());
    }

    /** All replies that have left, in their order. */
    List<byte[]> replies()
    {
        return sent.stream().filter((message) -> RawClient.templateId(message) == ReplyDecoder.TEMPLATE_ID).toList();
    }

    /** Ends in order; the journal is closed. */
    void stop() throws Exception
    {
        core.shutDown();
        while (!core.isDrained())
        {
            core.syncer().turn();
            turn();
        }
        core.checkpoint();
        journal.close();
    }

    @Override
    public int poll(final IngressHandler handler, final int fragmentLimit)
    {
        int count = 0;
        while (!frames.isEmpty() && Frames.deliver(frames.peek(), CONNECTION, handler))
        {
            frames.remove();
            count++;
        }
        return count;
    }

    @Override
    public int offer(final int connectionId, final DirectBuffer buffer, final int offset, final int length)
    {
        beforeSend.run();
        final byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        sent.add(message);
        return SENT;
    }

    /** Ends as a killed process does: nothing more is written. */
    @Override
    public void close()
    {
        core.close();
    }
}
