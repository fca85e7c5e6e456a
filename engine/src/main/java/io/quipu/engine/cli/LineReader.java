package io.quipu.engine.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.CRC32C;

/**
 * Lines of a stream as bytes, numbered from 1, with the position and the checksum of everything up to their end. A
 * stream that may block, as standard input, is read by a thread of its own, so that {@link #next()} never waits. Used
 * by one thread.
 */
final class LineReader implements Closeable
{
    /** There is a line. */
    static final int LINE = 1;
    /** Nothing yet; ask again. */
    static final int WAIT = 0;
    /** The stream has ended. */
    static final int END = -1;

    /** Longest line; of a longer one the head is kept, and {@link #isTooLong()} is true. */
    static final int MAX_LINE = 64 * 1024;

    private static final int CHUNK = 256 * 1024;
    private static final int CHUNKS_AHEAD = 4;
    private static final byte[] LAST_CHUNK = {};
    private static final byte[] BYTE_ORDER_MARK = {(byte)0xef, (byte)0xbb, (byte)0xbf};

    private final InputStream in;
    private final BlockingQueue<byte[]> chunks;
    private final CRC32C crc = new CRC32C();
    private final byte[] line = new byte[MAX_LINE];
    private volatile IOException failure;

    private byte[] chunk;
    private int position;
    private int limit;
    private boolean ended;

    private int start;
    private int length;
    private boolean tooLong;
    private boolean begun;
    private boolean finished;
    private long number;
    private long offset;

    /**
     * @param in       to read; closed with this.
     * @param mayBlock whether a read may wait for somebody who writes.
     */
    LineReader(final InputStream in, final boolean mayBlock)
    {
        this.in = in;
        this.chunks = mayBlock ? new ArrayBlockingQueue<>(CHUNKS_AHEAD) : null;
        this.chunk = mayBlock ? LAST_CHUNK : new byte[CHUNK];
        if (mayBlock)
        {
            final Thread thread = new Thread(this::pump, "quipu-load-input");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Moves to the next line.
     *
     * @return {@link #LINE}, {@link #WAIT} or {@link #END}.
     * @throws IOException when the stream cannot be read.
     */
    int next() throws IOException
    {
        if (finished)
        {
            finished = false;
            begun = false;
            tooLong = false;
            start = 0;
            length = 0;
        }

        while (true)
        {
            if (position == limit)
            {
                final int filled = fill();
                if (filled != LINE)
                {
                    return filled == END && begun ? finish() : filled;
                }
            }

            final int from = position;
            int to = from;
            while (to < limit && chunk[to] != '\n')
            {
                to++;
            }
            final boolean whole = to < limit;
            keep(from, to);
            position = whole ? to + 1 : to;
            crc.update(chunk, from, position - from);
            offset += position - from;
            begun = true;
            if (whole)
            {
                return finish();
            }
        }
    }

    /** Holds the line, from {@link #start()} to {@link #end()}, without its end; valid until the next one. */
    byte[] line()
    {
        return line;
    }

    int start()
    {
        return start;
    }

    int end()
    {
        return length;
    }

    boolean isTooLong()
    {
        return tooLong;
    }

    /** Number of the line, from 1. */
    long number()
    {
        return number;
    }

    /** Bytes of the stream up to the end of the line. */
    long offset()
    {
        return offset;
    }

    /** CRC32C of the stream up to the end of the line. */
    long checksum()
    {
        return crc.getValue();
    }

    @Override
    public void close() throws IOException
    {
        in.close();
    }

    private int finish()
    {
        finished = true;
        number++;
        if (length > 0 && line[length - 1] == '\r')
        {
            length--;
        }
        final int mark = BYTE_ORDER_MARK.length;
        if (number == 1 && length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark))
        {
            start = mark;
        }
        return LINE;
    }

    private void keep(final int from, final int to)
    {
        final int kept = Math.min(to - from, MAX_LINE - length);
        System.arraycopy(chunk, from, line, length, kept);
        length += kept;
        tooLong |= kept < to - from;
    }

    private int fill() throws IOException
    {
        if (ended)
        {
            return END;
        }
        position = 0;
        if (chunks == null)
        {
            limit = Math.max(0, in.read(chunk));
            ended = limit == 0;
            return ended ? END : LINE;
        }

        limit = 0;
        final byte[] next = chunks.poll();
        if (next == null)
        {
            return WAIT;
        }
        if (next == LAST_CHUNK)
        {
            ended = true;
            if (failure != null)
            {
                throw failure;
            }
            return END;
        }
        chunk = next;
        limit = next.length;
        return LINE;
    }

    private void pump()
    {
        try
        {
            final byte[] buffer = new byte[CHUNK];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer))
            {
                if (read > 0)
                {
                    chunks.put(Arrays.copyOf(buffer, read));
                }
            }
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return;
        }

        try
        {
            chunks.put(LAST_CHUNK);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
