package io.quipu.engine.sequencer;

import io.quipu.codecs.egress.ResultCode;

/**
 * What the sequencer has done since the start, for status. Written and read by the sequencer thread.
 */
public final class SequencerCounts
{
    private static final int CODES = 128;

    private final long[] rejects = new long[CODES];
    private long commands;
    private long requests;
    private long records;
    private long journalBytes;
    private long queries;
    private long retries;
    private long droppedResults;

    void onRecord(final int commands, final int requests, final int length)
    {
        journalBytes += length;
        this.commands += commands;
        this.requests += requests;
        records++;
    }

    void onQuery()
    {
        queries++;
    }

    void onRetryAnswered()
    {
        retries++;
    }

    void onRejected(final int code)
    {
        rejects[code & CODES - 1]++;
    }

    void onResultDropped()
    {
        droppedResults++;
    }

    /** Commands journaled. */
    public long commands()
    {
        return commands;
    }

    public long requests()
    {
        return requests;
    }

    public long records()
    {
        return records;
    }

    /** Bytes of all records. */
    public long journalBytes()
    {
        return journalBytes;
    }

    public long queries()
    {
        return queries;
    }

    /** Requests answered from the kept replies. */
    public long retries()
    {
        return retries;
    }

    /** Answers to retries for which the ring had no room. */
    public long droppedResults()
    {
        return droppedResults;
    }

    /** Requests and queries refused with this code before the append. */
    public long rejects(final ResultCode code)
    {
        return rejects[code.value() & CODES - 1];
    }
}
