package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.transport.client.SessionState;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a load got, as text in a {@link ResumeFile}: the session, how the file is cut, the place behind which nothing
 * is known to be applied, and what became of the lines before it. Used by one thread.
 */
final class LoadState
{
    private static final String FORMAT = "1";

    private SessionState session;
    private int linesPerRequest = CommandFile.LINES_PER_REQUEST;
    private long fileLength = -1;
    private long batch;
    private long offset;
    private long checksum;
    private long line;
    private long applied;
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<Long, ResultCode> refusedBatches = new TreeMap<>();
    private long elapsedMs;
    private boolean done;

    /** The session that the requests belong to; its {@code repliesReceivedUpTo} belongs to {@link #batch()}. */
    SessionState session()
    {
        return session;
    }

    void session(final SessionState newSession)
    {
        session = newSession;
    }

    /** Where the file is cut. */
    int linesPerRequest()
    {
        return linesPerRequest;
    }

    /** Length of the file; -1 when it is a stream. */
    long fileLength()
    {
        return fileLength;
    }

    void fileLength(final long newFileLength)
    {
        fileLength = newFileLength;
    }

    /** Requests of the file, from 1, whose outcome is counted here. */
    long batch()
    {
        return batch;
    }

    /** Bytes of the file up to the end of that request. */
    long offset()
    {
        return offset;
    }

    /** Checksum of those bytes. */
    long checksum()
    {
        return checksum;
    }

    /** Lines of the file up to there. */
    long line()
    {
        return line;
    }

    /** Lines that the engine applied. */
    long applied()
    {
        return applied;
    }

    /** Lines that the engine refused, by reason. */
    Map<String, Long> rejected()
    {
        return rejected;
    }

    /** Requests behind {@link #batch()} that were refused before the append, and so took no number of the session. */
    Map<Long, ResultCode> refusedBatches()
    {
        return refusedBatches;
    }

    /** Time spent in earlier runs. */
    long elapsedMs()
    {
        return elapsedMs;
    }

    void elapsedMs(final long newElapsedMs)
    {
        elapsedMs = newElapsedMs;
    }

    /** Whether all of the file was loaded. */
    boolean isDone()
    {
        return done;
    }

    /** All of it was loaded; these lines, of all runs, were not applied. */
    void done(final Map<String, Long> allRejected)
    {
        done = true;
        rejected.putAll(allRejected);
    }

    /** Counts the next request of the file. */
    void count(final LoadBatch answered)
    {
        batch++;
        offset = answered.offset();
        checksum = answered.checksum();
        line = answered.line();
        applied += answered.applied();
        answered.forEachRejected((code, lines) -> rejected.merge(code, (long)lines, Long::sum));
        refusedBatches.remove(batch);
    }

    /** As text. */
    String text()
    {
        final StringBuilder text = new StringBuilder(1024);
        line(text, "format", FORMAT);
        line(text, "session", Long.toHexString(session.tokenHigh()) + ' ' + Long.toHexString(session.tokenLow()) + ' ' +
            session.firstAttachedAt() + ' ' + session.lastSentRequest() + ' ' + session.repliesReceivedUpTo());
        line(text, "linesPerRequest", linesPerRequest);
        line(text, "fileLength", fileLength);
        line(text, "batch", batch);
        line(text, "offset", offset);
        line(text, "checksum", checksum);
        line(text, "line", line);
        line(text, "applied", applied);
        rejected.forEach((code, lines) -> line(text, "rejected." + code, lines));
        refusedBatches.forEach((number, code) -> line(text, "refused." + number, code));
        line(text, "elapsedMs", elapsedMs);
        line(text, "done", done);
        return text.toString();
    }

    /**
     * Reads the text again.
     *
     * @throws IllegalArgumentException when it is of another format.
     */
    static LoadState of(final String text)
    {
        final Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        if (!FORMAT.equals(values.get("format")))
        {
            throw new IllegalArgumentException("format=" + values.get("format") + ": this program knows " + FORMAT);
        }
        final LoadState state = new LoadState();
        final String[] session = values.get("session").split(" ");
        state.session = new SessionState(
            Long.parseUnsignedLong(session[0], 16), Long.parseUnsignedLong(session[1], 16),
            Long.parseLong(session[2]), Long.parseLong(session[3]), Long.parseLong(session[4]));
        state.linesPerRequest = Integer.parseInt(values.get("linesPerRequest"));
        state.fileLength = Long.parseLong(values.get("fileLength"));
        state.batch = Long.parseLong(values.get("batch"));
        state.offset = Long.parseLong(values.get("offset"));
        state.checksum = Long.parseLong(values.get("checksum"));
        state.line = Long.parseLong(values.get("line"));
        state.applied = Long.parseLong(values.get("applied"));
        state.elapsedMs = Long.parseLong(values.get("elapsedMs"));
        state.done = Boolean.parseBoolean(values.get("done"));
        values.forEach(
            (name, value) ->
            {
                if (name.startsWith("rejected."))
                {
                    state.rejected.put(name.substring("rejected.".length()), Long.parseLong(value));
                }
                else if (name.startsWith("refused."))
                {
                    state.refusedBatches.put(Long.parseLong(name.substring("refused.".length())), ResultCode.valueOf(value));
                }
            });
        return state;
    }

    private static void line(final StringBuilder text, final String name, final Object value)
    {
        text.append(name).append('=').append(value).append('\n');
    }
}
