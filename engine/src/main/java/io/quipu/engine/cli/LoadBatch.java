package io.quipu.engine.cli;

import io.quipu.codecs.egress.ResultCode;
import io.quipu.transport.client.Reply;

import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/**
 * One request of a load: the lines its commands came from, where it ends in the file, and what became of it. Reused.
 * Used by one thread.
 */
final class LoadBatch
{
    private static final int CODES = 256;
    private static final int FEW = 128;

    /** Reason of the lines that are refused because another line of their block is. */
    static final String ATOMIC = "ATOMIC";

    private final int[] rejected = new int[CODES];
    private long[] lines = new long[FEW];
    private int commands;
    private int applied;
    private int rejectedWithBlock;
    private boolean answered;
    private long requestSequence;
    private long offset;
    private long checksum;
    private long line;

    /** Empties it. */
    void clear()
    {
        Arrays.fill(rejected, 0);
        commands = 0;
        applied = 0;
        rejectedWithBlock = 0;
        answered = false;
        requestSequence = 0;
    }

    /** A command was added to the request. */
    void onCommand(final long fromLine)
    {
        if (commands == lines.length)
        {
            lines = Arrays.copyOf(lines, 2 * commands);
        }
        lines[commands++] = fromLine;
    }

    /** The request is complete; the file up to here has so many bytes and lines, and this checksum. */
    void onFull(final long endOffset, final long endChecksum, final long endLine)
    {
        offset = endOffset;
        checksum = endChecksum;
        line = endLine;
    }

    /** The engine's answer: counts what was applied and what was refused. */
    void onReply(final Reply reply)
    {
        answered = true;
        requestSequence = reply.requestSequence();
        if (reply.code() != ResultCode.OK)
        {
            rejected[reply.code().value()]++;
            rejectedWithBlock = commands - 1;
            return;
        }
        for (int i = 0; i < commands; i++)
        {
            final ResultCode code = reply.code(i);
            if (code == ResultCode.OK)
            {
                applied++;
            }
            else
            {
                rejected[code.value()]++;
            }
        }
    }

    /** The request as a whole was not taken. */
    void onRefused(final ResultCode code)
    {
        answered = true;
        rejected[code.value()] += commands;
    }

    boolean isAnswered()
    {
        return answered;
    }

    /** Sequence that the request was applied with; 0 when it was not. */
    long requestSequence()
    {
        return requestSequence;
    }

    int commands()
    {
        return commands;
    }

    int applied()
    {
        return applied;
    }

    /** Tells each reason for which lines were refused, and how many. */
    void forEachRejected(final ObjIntConsumer<String> consumer)
    {
        if (applied == commands)
        {
            return;
        }
        for (int i = 0; i < CODES; i++)
        {
            if (rejected[i] > 0)
            {
                consumer.accept(ResultCode.get((short)i).name(), rejected[i]);
            }
        }
        if (rejectedWithBlock > 0)
        {
            consumer.accept(ATOMIC, rejectedWithBlock);
        }
    }

    long lineOf(final int command)
    {
        return lines[command];
    }

    long offset()
    {
        return offset;
    }

    long checksum()
    {
        return checksum;
    }

    long line()
    {
        return line;
    }
}
