package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.engine.cli.CommandFile.Reason;
import io.quipu.transport.client.AsyncSession;
import io.quipu.transport.client.ClientContext;
import io.quipu.transport.client.ConnectionListener;
import io.quipu.transport.client.Reply;
import io.quipu.transport.client.ReplyHandler;
import io.quipu.transport.client.SessionState;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Sends the requests of a {@link CommandFile} through one session, several under way at a time, and counts what becomes
 * of each line. Rides over restarts of the engine: the session sends again what has no answer, and the engine applies
 * nothing twice.
 * <p>
 * With a {@link ResumeFile} the same holds for this process: the engine keeps each reply until the outcome stands in
 * the file. A run that is started again cuts the file in the same places, skips what is counted, and offers the rest
 * under the same request sequences; what was applied meanwhile is answered from the kept replies. One thread.
 */
final class LoadRun implements ReplyHandler, ConnectionListener, AutoCloseable
{
    /** Requests that may be under way; a session's window holds 64. */
    private static final int SLOTS = 128;
    private static final int WRITE_EVERY = 16;
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CommandFile file;
    private final ResumeFile resumeFile;
    private final LoadState state;
    private final boolean strict;
    private final long retryNs;
    private final WorkProgress progress;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 10, 1_000, MAX_PARK_NS);
    private final LoadBatch[] slots = new LoadBatch[SLOTS];
    private final Map<String, Long> reasons = new TreeMap<>();
    private final AsyncSession session;
    private final long startedNs = System.nanoTime();
    private final long elapsedBeforeMs;
    private final long resumedOffset;

    /** Requests of the file, from 1: read so far, and counted in the state, and counted in the resume file. */
    private long read;
    private long counted;
    private long written;
    /** Request sequence of the last one counted that has one. */
    private long countedRequest;
    private long lastAnswerNs = System.nanoTime();
    private boolean disconnected;
    private boolean stopped;
    private ResultCode fatal;

    /**
     * Connects and attaches the session.
     *
     * @param reader     of the file; closed with this.
     * @param stream     whether it may go on later, so that what is there is sent without waiting for more.
     * @param resumeFile or null.
     * @param state      as in the resume file, or a fresh one.
     * @param context    of the client.
     * @param strict     stop at the first line that is refused.
     * @param retryNs    how long to wait for an engine that has gone.
     * @param progress   shows it.
     */
    LoadRun(
        final LineReader reader,
        final boolean stream,
        final ResumeFile resumeFile,
        final LoadState state,
        final ClientContext context,
        final boolean strict,
        final long retryNs,
        final WorkProgress progress)
    {
        this.file = new CommandFile(reader, state.linesPerRequest(), stream && resumeFile == null, this::onLineNotSent);
        this.resumeFile = resumeFile;
        this.state = state;
        this.strict = strict;
        this.retryNs = retryNs;
        this.progress = progress;
        elapsedBeforeMs = state.elapsedMs();
        resumedOffset = state.offset();
        counted = state.batch();
        written = state.batch();
        countedRequest = state.session() == null ? 0 : state.session().repliesReceivedUpTo();
        for (int i = 0; i < SLOTS; i++)
        {
            slots[i] = new LoadBatch();
        }
        context
            .sessionState(state.session())
            .manualAcknowledge(resumeFile != null)
            .refusalTimeoutNs(Long.MAX_VALUE)
            .connectionListener(this);
        session = AsyncSession.connect(context, this);
    }

    /**
     * Loads all of it, or up to the first line that is refused when that stops it.
     *
     * @param length of the file, for the progress; -1 when not known.
     * @throws IOException   when a file cannot be read or written.
     * @throws VerbException when the engine stays away, or does not know the session.
     */
    void run(final long length) throws IOException
    {
        write();
        skipCounted();

        int step = CommandFile.WAIT;
        boolean offering = false;
        while (!isFinished(step, offering))
        {
            int work = 0;
            if (!offering && !stopped && step != CommandFile.END && read - counted < SLOTS)
            {
                step = file.next(slot(read + 1));
                if (step == CommandFile.BATCH)
                {
                    read++;
                    work++;
                    offering = !isKnownRefused(read);
                }
            }
            if (offering && stopped)
            {
                slot(read--).clear();
                offering = false;
            }
            else if (offering && offer())
            {
                offering = false;
                work++;
            }
            work += session.poll();
            work += count();
            check();
            progress.bytes(state.offset(), length);
            idle.idle(work);
        }
        finish();
    }

    @Override
    public void onReply(final long correlation, final Reply reply)
    {
        lastAnswerNs = System.nanoTime();
        final LoadBatch batch = slot(correlation);
        batch.onReply(reply);
        if (batch.applied() < batch.commands())
        {
            tellRefused(batch, reply);
            stopped |= strict;
        }
    }

    @Override
    public void onRefused(final long correlation, final long requestSequence, final ResultCode code, final long detail)
    {
        lastAnswerNs = System.nanoTime();
        if (code != ResultCode.REQUEST_TOO_LARGE && code != ResultCode.REPLY_TOO_LARGE)
        {
            fatal = code;
            // Before the session sends another request under the number that this one did not take.
            check();
        }
        final LoadBatch batch = slot(correlation);
        batch.onRefused(code);
        progress.note("lines " + batch.lineOf(0) + " to " + batch.lineOf(batch.commands() - 1) + " are refused: " + code +
            (detail > 0 ? ", the limit is " + detail : ""));
        stopped |= strict;
        // Its number goes to the next request: a later run must know before that one is sent.
        state.refusedBatches().put(correlation, code);
        try
        {
            write();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void onConnected(final int epoch, final long sequence)
    {
        if (disconnected)
        {
            disconnected = false;
            lastAnswerNs = System.nanoTime();
            progress.note("quipu load: the engine is back, epoch " + epoch + ": going on");
        }
    }

    @Override
    public void onDisconnected(final String reason)
    {
        if (!disconnected)
        {
            disconnected = true;
            progress.note("quipu load: the engine is gone (" + reason + "): trying again for " +
                TimeUnit.NANOSECONDS.toSeconds(retryNs) + " s");
        }
    }

    /** Whether a refused line stopped the load before the end of the file. */
    boolean isStopped()
    {
        return stopped;
    }

    /** Lines that were not applied, by reason; after {@link #run}. */
    Map<String, Long> reasons()
    {
        return reasons;
    }

    @Override
    public void close() throws IOException
    {
        session.close();
        file.close();
    }

    private LoadBatch slot(final long batch)
    {
        return slots[(int)(batch & (SLOTS - 1))];
    }

    private boolean isFinished(final int step, final boolean offering)
    {
        return (stopped || step == CommandFile.END) && !offering && counted == read;
    }

    /** Reads over what an earlier run counted, and checks that it is the same. */
    private void skipCounted() throws IOException
    {
        while (read < state.batch())
        {
            final LoadBatch batch = slot(read + 1);
            final int step = file.next(batch);
            if (step == CommandFile.WAIT)
            {
                idle.idle(session.poll());
                continue;
            }
            read += step == CommandFile.BATCH ? 1 : 0;
            final boolean isEnd = read == state.batch();
            final boolean isSame = step == CommandFile.BATCH &&
                (!isEnd || (batch.offset() == state.offset() && batch.checksum() == state.checksum()));
            if (!isSame)
            {
                throw VerbException.refused("OTHER_FILE",
                    "this is not the file that was being loaded, its first " + state.line() + " lines differ: " +
                        "give the same file, or name another --resume file to load this one as new");
            }
            batch.clear();
        }
        if (read > 0)
        {
            progress.note("quipu load: going on behind line " + state.line());
        }
    }

    /** An earlier run learned that this request is refused before the append: it takes no number, and is not sent again. */
    private boolean isKnownRefused(final long batch)
    {
        final ResultCode code = state.refusedBatches().get(batch);
        if (code == null)
        {
            return false;
        }
        slot(batch).onRefused(code);
        return true;
    }

    private boolean offer()
    {
        final long offered = session.offer(file.request(), read);
        if (offered == AsyncSession.CLOSED && fatal == null)
        {
            fatal = ResultCode.SESSION_EVICTED;
        }
        if (offered > 0 && session.unanswered() == 1)
        {
            lastAnswerNs = System.nanoTime();
        }
        return offered > 0;
    }

    /** Counts the requests whose outcome is known, in the order of the file. */
    private int count() throws IOException
    {
        int work = 0;
        while (counted < read && slot(counted + 1).isAnswered())
        {
            final LoadBatch batch = slot(++counted);
            countedRequest = Math.max(countedRequest, batch.requestSequence());
            state.count(batch);
            batch.clear();
            work++;
        }
        if (counted - written >= WRITE_EVERY || (counted > written && session.unanswered() == 0))
        {
            write();
        }
        return work;
    }

    /** Writes the state, and only then lets the engine forget the replies that are counted in it. */
    private void write() throws IOException
    {
        written = counted;
        if (resumeFile != null)
        {
            final SessionState now = session.state();
            state.session(new SessionState(
                now.tokenHigh(), now.tokenLow(), now.firstAttachedAt(), now.lastSentRequest(), countedRequest));
            state.elapsedMs(elapsedBeforeMs + (System.nanoTime() - startedNs) / NS_PER_MS);
            resumeFile.write(state.text());
            session.acknowledge(countedRequest);
        }
    }

    private void check()
    {
        if (fatal == ResultCode.SESSION_EVICTED)
        {
            throw VerbException.refused(fatal.name(),
                "the engine no longer knows this load's session: what follows line " + state.line() +
                    " may or may not be applied; compare, then load the rest as a new file");
        }
        if (fatal == ResultCode.RETRY_TOO_OLD)
        {
            throw VerbException.refused(fatal.name(),
                "the --resume file is older than what the engine has seen of this load: use the newest one");
        }
        if (fatal == ResultCode.ROLLED_BACK)
        {
            throw VerbException.refused(fatal.name(),
                "the engine has lost what it had acknowledged of this load: is it on another directory, or an older copy?");
        }
        if (fatal != null)
        {
            throw VerbException.refused(fatal.name(), "the engine refuses behind line " + state.line() + ": " + fatal);
        }
        if (session.unanswered() > 0 && System.nanoTime() - lastAnswerNs > retryNs)
        {
            throw VerbException.refused("TIMEOUT",
                "no answer for " + TimeUnit.NANOSECONDS.toSeconds(retryNs) + " s; " + state.applied() + " lines are applied" +
                    (resumeFile == null ? ", and up to line " + state.line() + " it is certain" : ": the same command goes on"));
        }
    }

    private void finish() throws IOException
    {
        reasons.putAll(state.rejected());
        for (final Reason reason : Reason.values())
        {
            if (file.refused(reason) > 0)
            {
                reasons.merge(reason.name(), file.refused(reason), Long::sum);
            }
        }
        if (!stopped)
        {
            state.done(reasons);
        }
        state.elapsedMs(elapsedBeforeMs + (System.nanoTime() - startedNs) / NS_PER_MS);
        write();
        if (!stopped || resumeFile == null)
        {
            session.closeSession();
        }
    }

    private void onLineNotSent(final long line, final long offset, final Reason reason, final String message)
    {
        // What an earlier run went past, it has told.
        if (offset > resumedOffset)
        {
            progress.note("line " + line + ": " + message);
            stopped |= strict;
        }
    }

    private void tellRefused(final LoadBatch batch, final Reply reply)
    {
        if (reply.code() != ResultCode.OK)
        {
            progress.note("line " + batch.lineOf(reply.refusedIndex()) + ": " + ResultCodes.inWords(reply.code()) +
                "; so its block, lines " + batch.lineOf(0) + " to " + batch.lineOf(batch.commands() - 1) +
                ", is refused as a whole");
            return;
        }
        for (int i = 0; i < batch.commands(); i++)
        {
            if (reply.code(i) != ResultCode.OK)
            {
                progress.note("line " + batch.lineOf(i) + ": " + ResultCodes.inWords(reply.code(i)));
            }
        }
    }
}
