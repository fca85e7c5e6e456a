package io.quipu.engine.cli;

import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.transport.client.Request;

import java.io.Closeable;
import java.io.IOException;

/**
 * Cuts a command file into requests, always in the same places: a request holds a fixed number of command lines, or
 * what stands between {@code begin} and {@code end}. So a loader that is started again finds the same requests. Lines
 * that are no commands are told to a {@link Handler} and counted; with one of them a block is refused as a whole. Used
 * by one thread.
 */
final class CommandFile implements Closeable
{
    /** Command lines of one request. Its reply in the worst case is so small that 64 of them fit into a session's window. */
    static final int LINES_PER_REQUEST = 128;

    /** A request is full. */
    static final int BATCH = 1;
    /** Nothing more to read yet. */
    static final int WAIT = 0;
    /** All was read. */
    static final int END = -1;

    /** Reasons for lines that are not sent. */
    enum Reason
    {
        /** Not a command. */
        BAD_LINE,
        /** Another line of its block was refused. */
        ATOMIC,
        /** The block does not fit into a request. */
        REQUEST_TOO_LARGE
    }

    /** Hears of lines that are not sent, as they are read. */
    @FunctionalInterface
    interface Handler
    {
        /**
         * @param line    number of the line.
         * @param offset  of the file up to the end of the line.
         * @param reason  of its refusal.
         * @param message names the value and says what to write.
         */
        void onRefusedLine(long line, long offset, Reason reason, String message);
    }

    private static final int MAX_BLOCK_COMMANDS = 4_096;
    private static final int LONGEST_COMMAND = 1_024;

    private final LineReader reader;
    private final int linesPerRequest;
    private final boolean cutWhenIdle;
    private final Handler handler;
    private final CommandParser parser = new CommandParser();
    private final Request request = new Request();
    private final long[] refused = new long[Reason.values().length];
    private boolean inBlock;
    private boolean blockBroken;
    private long blockLine;
    private long blockCommands;

    /**
     * @param reader          of the lines; closed with this.
     * @param linesPerRequest see {@link #LINES_PER_REQUEST}.
     * @param cutWhenIdle     also end a request when nothing more can be read at the moment; then the places differ
     *                        from one reading to the next.
     * @param handler         hears of lines that are not sent.
     */
    CommandFile(final LineReader reader, final int linesPerRequest, final boolean cutWhenIdle, final Handler handler)
    {
        this.reader = reader;
        this.linesPerRequest = linesPerRequest;
        this.cutWhenIdle = cutWhenIdle;
        this.handler = handler;
    }

    /**
     * Reads on until a request is full. A request that is not full yet keeps what it has: call again with the same one.
     *
     * @param batch cleared by the caller.
     * @return {@link #BATCH}, {@link #WAIT} or {@link #END}.
     * @throws IOException when the file cannot be read.
     */
    int next(final LoadBatch batch) throws IOException
    {
        if (batch.commands() == 0)
        {
            startRequest(batch);
        }
        while (true)
        {
            final int read = reader.next();
            if (read == LineReader.WAIT)
            {
                return cutWhenIdle && !inBlock && batch.commands() > 0 ? full(batch) : WAIT;
            }
            if (read == LineReader.END)
            {
                return onEndOfFile(batch);
            }
            if (onLine(batch))
            {
                return full(batch);
            }
        }
    }

    /** The request that {@link #next} filled; valid until it is called again. */
    Request request()
    {
        return request;
    }

    /** Lines that were read and not sent, for this reason. */
    long refused(final Reason reason)
    {
        return refused[reason.ordinal()];
    }

    @Override
    public void close() throws IOException
    {
        reader.close();
    }

    /** Returns whether the request is full. */
    private boolean onLine(final LoadBatch batch)
    {
        if (reader.isTooLong())
        {
            return onBadLine(batch, Reason.BAD_LINE, "longer than " + LineReader.MAX_LINE + " bytes");
        }
        final boolean noRoom = batch.commands() == MAX_BLOCK_COMMANDS ||
            request.length() > Request.MAX_LENGTH - LONGEST_COMMAND;
        if (noRoom)
        {
            return onBadLine(batch, Reason.REQUEST_TOO_LARGE,
                "a block has at most " + MAX_BLOCK_COMMANDS + " commands and " + Request.MAX_LENGTH + " bytes: make two of it");
        }
        switch (parser.parse(reader.line(), reader.start(), reader.end(), request))
        {
            case COMMAND:
                return onCommand(batch);

            case BEGIN:
                return onBegin(batch);

            case END:
                return onEnd(batch);

            case BAD:
                return onBadLine(batch, Reason.BAD_LINE, parser.error());

            default:
                return false;
        }
    }

    private boolean onCommand(final LoadBatch batch)
    {
        batch.onCommand(reader.number());
        if (!inBlock)
        {
            return batch.commands() == linesPerRequest;
        }
        blockCommands++;
        if (blockBroken)
        {
            startRequest(batch);
        }
        return false;
    }

    private boolean onBegin(final LoadBatch batch)
    {
        if (inBlock)
        {
            return onBadLine(batch, Reason.BAD_LINE, "begin inside of a block: write end first");
        }
        inBlock = true;
        blockBroken = false;
        blockCommands = 0;
        blockLine = reader.number();
        if (batch.commands() > 0)
        {
            return true;
        }
        startRequest(batch);
        return false;
    }

    private boolean onEnd(final LoadBatch batch)
    {
        if (!inBlock)
        {
            return onBadLine(batch, Reason.BAD_LINE, "end without a begin");
        }
        inBlock = false;
        if (blockBroken && blockCommands > 0)
        {
            refused[Reason.ATOMIC.ordinal()] += blockCommands;
            handler.onRefusedLine(blockLine, reader.offset(), Reason.ATOMIC,
                "the block that begins here is refused as a whole, " + blockCommands + " good lines with it");
        }
        if (batch.commands() == 0)
        {
            startRequest(batch);
        }
        return batch.commands() > 0;
    }

    private boolean onBadLine(final LoadBatch batch, final Reason reason, final String message)
    {
        refused[reason.ordinal()]++;
        handler.onRefusedLine(reader.number(), reader.offset(), reason, message);
        if (inBlock)
        {
            blockBroken = true;
            startRequest(batch);
        }
        return false;
    }

    private int onEndOfFile(final LoadBatch batch)
    {
        if (inBlock)
        {
            refused[Reason.BAD_LINE.ordinal()]++;
            handler.onRefusedLine(blockLine, reader.offset(), Reason.BAD_LINE, "begin without an end");
            blockBroken = true;
            startRequest(batch);
            onEnd(batch);
        }
        return batch.commands() > 0 ? full(batch) : END;
    }

    private void startRequest(final LoadBatch batch)
    {
        batch.clear();
        request.reset().form(ReplyForm.ACK);
        if (inBlock)
        {
            request.atomic();
        }
    }

    private int full(final LoadBatch batch)
    {
        batch.onFull(reader.offset(), reader.checksum(), reader.number());
        return BATCH;
    }
}
