package io.quipu.engine.rig;

import io.quipu.codecs.egress.AckReached;
import io.quipu.codecs.egress.ResultCode;
import io.quipu.codecs.ingress.Ack;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.Request;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client in a process of its own, {@code HOST:PORT LOG NAME SEED}, that keeps its own record of what was acknowledged.
 * Each of its requests adds 1 to its counter, every other one to the total and to its score on a board as well, all or
 * nothing; so the n-th must be answered with n, whoever was killed in between. It goes on until its standard input
 * ends, waits for what is under way, and says how much it offered.
 * <pre>
 *   a line of the log    n value epoch durable|journaled
 *   or                   n refused CODE
 * </pre>
 */
public final class RigClient implements ReplyHandler
{
    static final String TOTAL = "total";
    static final String BOARD = "board";

    private static final int OUTSTANDING = 16;
    private static final long TIMEOUT_NS = TimeUnit.MINUTES.toNanos(5);

    private final Writer log;
    private final String name;
    private final Random random;
    private final Request request = new Request();
    private volatile boolean isEnding;
    private long offered;
    private long answered;

    private RigClient(final Writer log, final String name, final long seed)
    {
        this.log = log;
        this.name = name;
        random = new Random(seed);
    }

    /**
     * Runs until standard input ends.
     */
    public static void main(final String[] args) throws IOException
    {
        try (Writer log = Files.newBufferedWriter(Path.of(args[1])))
        {
            final RigClient client = new RigClient(log, args[2], Long.parseLong(args[3]));
            final ClientContext context = new ClientContext()
                .engine(args[0])
                .connectTimeoutNs(TIMEOUT_NS)
                .refusalTimeoutNs(TIMEOUT_NS)
                .resendIntervalNs(TimeUnit.MILLISECONDS.toNanos(200))
                .silenceTimeoutNs(TimeUnit.MILLISECONDS.toNanos(1_500));
            try (AsyncSession session = AsyncSession.connect(context, client))
            {
                client.run(session);
            }
            System.out.println("ready offered=" + client.offered + " answered=" + client.answered);
        }
    }

    private void run(final AsyncSession session) throws IOException
    {
        final Thread input = new Thread(this::awaitEndOfInput, "input");
        input.setDaemon(true);
        input.start();
        while (!isEnding)
        {
            turn(session, true);
        }

        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (answered < offered && System.nanoTime() - deadlineNs < 0)
        {
            turn(session, false);
        }
    }

    private void awaitEndOfInput()
    {
        try
        {
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            isEnding = true;
        }
    }

    private void turn(final AsyncSession session, final boolean offers) throws IOException
    {
        final int work = session.poll();
        if (offers && session.unanswered() < OUTSTANDING)
        {
            request.reset().form(ReplyForm.VALUES).ack(random.nextInt(4) == 0 ? Ack.DURABLE : Ack.JOURNALED);
            request.add(name, 1);
            if (random.nextBoolean())
            {
                request.atomic().add(TOTAL, 1).board(BOARD).score(name, 1);
            }
            if (session.offer(request, offered + 1) > 0)
            {
                offered++;
                return;
            }
        }

        if (0 == work)
        {
            log.flush();
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void onReply(final long correlation, final Reply reply)
    {
        answered++;
        final boolean isDurable = reply.ackReached() == AckReached.DURABLE;
        write(correlation + " " + reply.value(0) + ' ' + reply.epoch() + ' ' + (isDurable ? "durable" : "journaled"));
    }

    @Override
    public void onRefused(
        final long correlation, final long requestSequence, final ResultCode code, final long detail)
    {
        answered++;
        write(correlation + " refused " + code);
    }

    private void write(final String line)
    {
        try
        {
            log.write(line + '\n');
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
