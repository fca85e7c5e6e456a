package io.quipu.engine.state;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import io.quipu.codecs.ingress.ReplyForm;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How fast {@code apply} adds to counters, by hand: digest, sessions and kept replies on, no journal, no network. Figures
 * are for each second of the thread's CPU time, so that they mean something on a machine that does other work too.
 * <pre>
 *   StateSpeed [counters]
 * </pre>
 */
final class StateSpeed implements ReplyHandler
{
    private static final int ROUNDS = 5;
    private static final int COMMANDS = 4_000_000;
    private static final long FIRST_COUNTER = 0x1000_0000_0000_0001L;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final StateMachine state = new StateMachine();
    private final BodyBuilder body = new BodyBuilder();
    private final RequestBuilder request = new RequestBuilder();
    private final int counters;
    private long requestSequence;

    private StateSpeed(final int counters)
    {
        this.counters = counters;
    }

    public static void main(final String[] args)
    {
        new StateSpeed(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000).run();
    }

    private void run()
    {
        body.clear().open(1, 1, 1);
        state.apply(body.buffer(), 0, body.length(), 1, 1, this);
        for (int i = 0; i < counters; i += 1_000)
        {
            request.clear().form(ReplyForm.ACK);
            for (int j = i; j < i + 1_000; j++)
            {
                request.add(name(j), 1);
            }
            body.clear().request(1, 0, 0, request);
            apply(body.buffer(), body.length());
        }
        state.forEachGauge((label, value) -> System.out.println(label + " " + value));

        measure("by handle, 512 a request, ACK", 512, true, ReplyForm.ACK);
        measure("by name, 64 a request, VALUES", 64, false, ReplyForm.VALUES);
        measure("by handle, 1 a request, ACK", 1, true, ReplyForm.ACK);
        measure("by name, 1 a request, VALUES", 1, false, ReplyForm.VALUES);
        state.close();
    }

    private void measure(final String label, final int batch, final boolean isByHandle, final ReplyForm form)
    {
        final MutableDirectBuffer[] bodies = new MutableDirectBuffer[Math.min(40_000, COMMANDS / batch)];
        final Random random = new Random(42);
        for (int i = 0; i < bodies.length; i++)
        {
            request.clear().form(form);
            for (int j = 0; j < batch; j++)
            {
                final int id = random.nextInt(counters);
                if (isByHandle)
                {
                    request.addByHandle(FIRST_COUNTER + id, 1);
                }
                else
                {
                    request.add(name(id), 1);
                }
            }
            body.clear().request(1, 0, 0, request);
            bodies[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(body.length()));
            bodies[i].putBytes(0, body.buffer(), 0, body.length());
        }

        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            final long start = threads.getCurrentThreadCpuTime();
            for (final MutableDirectBuffer built : bodies)
            {
                apply(built, built.capacity());
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        final double ns = (double)best / bodies.length / batch;
        System.out.printf("%-32s %6.2f M/s %7.1f ns%n", label, 1_000 / ns, ns);
    }

    /** The request's numbers stand behind the header of its frame. */
    private void apply(final MutableDirectBuffer frame, final int length)
    {
        frame.putLong(8, requestSequence + 1);
        frame.putLong(16, requestSequence);
        requestSequence++;
        state.apply(frame, 0, length, state.sequence() + 1, 1, this);
    }

    /** 14 bytes. */
    private static String name(final int id)
    {
        return String.format("name:%09d", id);
    }

    @Override
    public void onReply(
        final int sessionId,
        final long requestSequence,
        final long lastSequence,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        // replies are not looked at
    }

    @Override
    public void onSessionOpened(final int sessionId)
    {
        // the only one
    }

    @Override
    public void onSessionGone(final int sessionId, final long requestSequence)
    {
        throw new IllegalStateException("sessionId=" + sessionId);
    }
}
