package io.quipu.journal;

import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;

/**
 * The journal's bytes: cycles (files) numbered without holes, each a run of documents as Chronicle Queue lays them out:
 * <pre>
 *   0        4                      length+4
 *   +--------+--------- ... --------+-- 0..3 --+--------+--
 *   | header | content              | padding  | header | ...
 *   +--------+--------- ... --------+----------+--------+--
 *   header u32, little-endian: 0x80000000 not complete | 0x40000000 metadata | 30 bits length of the content
 *              0 = nothing written yet; 0xC0000000 = end of this cycle
 * </pre>
 * Documents start on a multiple of 4. One data document holds one record; metadata documents are the store's own.
 * <p>
 * Reading ({@link #cycles()}, {@link #length(int)}, {@link #read}) works before {@link #openForAppend} and beside a
 * writer in another process. {@link #append} and {@link #roll()} are for the sequencer thread alone; {@link #sync()}
 * may be called by one other thread while it appends. A failure is a {@link JournalException} with {@link
 * Verdict#IO_FAULT}, after which the store is only good to be closed.
 */
public interface JournalStore extends AutoCloseable
{
    /** No cycle: the journal is empty. */
    int NULL_CYCLE = 0;
    /** That a journal begins with, until cycles are removed. */
    int FIRST_CYCLE = 1;

    /**
     * @return the numbers of all cycles, ascending; read anew at each call.
     */
    int[] cycles();

    /**
     * @param cycle to name.
     * @return what a person finds it under: a file name.
     */
    String name(int cycle);

    /**
     * @param cycle to measure.
     * @return its length in bytes; what lies behind the last document is zero.
     */
    long length(int cycle);

    /**
     * Reads bytes into the remaining room of a buffer.
     *
     * @param cycle    to read.
     * @param position of the first byte.
     * @param target   to fill, from its position on.
     * @return bytes read, less than the room only at the end of the cycle; -1 when the position is at or behind the
     * end.
     */
    int read(int cycle, long position, ByteBuffer target);

    /**
     * Makes the store ready for {@link #append}: the next document will be the one behind {@code end}. Later cycles, in
     * which a scan found nothing, are removed.
     *
     * @param cycle   of the last valid record, or {@link #NULL_CYCLE}.
     * @param end     of the valid documents in that cycle.
     * @param records valid data documents in that cycle.
     * @return false when the store would append elsewhere: there is a hole, and {@link #cut} must come first.
     */
    boolean openForAppend(int cycle, long end, long records);

    /**
     * Leaves exactly what stands before a place, everything else is moved to quarantine. Either done or not done,
     * whenever the process dies. Afterwards the store is not open for append, and nothing is owed to {@link #sync()}.
     *
     * @param cycle of the last valid record, or {@link #NULL_CYCLE} to leave nothing.
     * @param end   of the valid documents in that cycle.
     * @return what a person finds the quarantined bytes under.
     */
    String cut(int cycle, long end);

    /**
     * As {@link #cut}, and one document stands behind the place then.
     *
     * @param cycle    that the document stands in.
     * @param position of the document.
     * @param record   its content.
     * @return what a person finds the quarantined bytes under.
     */
    default String replaceBehind(final int cycle, final long position, final DirectBuffer record)
    {
        throw new UnsupportedOperationException("nothing is replaced in " + name(cycle));
    }

    /**
     * Makes zero what a process left behind the last document that was killed within an append; it is copied to
     * quarantine before. May be done again.
     *
     * @param cycle of the last valid record, or the next one, when it was its first append.
     * @param end   of the valid documents in that cycle.
     * @param to    end of what was left.
     * @return what a person finds the copy under.
     */
    String wipe(int cycle, long end, long to);

    /**
     * Finishes or undoes a {@link #cut} that a dying process left half done. Called once, under the lock, before
     * anything is read.
     */
    void recover();

    /**
     * Appends one data document.
     *
     * @param buffer off-heap, holding the record.
     * @param offset of the record.
     * @param length of the record, at most {@link #maxRecordLength()}.
     */
    void append(DirectBuffer buffer, int offset, int length);

    /**
     * @return the longest record that can be appended.
     */
    int maxRecordLength();

    /**
     * The next append goes to the next cycle.
     */
    void roll();

    /**
     * @return the cycle that the next append goes to.
     */
    int cycle();

    /**
     * @return bytes written so far to {@link #cycle()}.
     */
    long cycleLength();

    /**
     * Returns when all that was appended before the call survives a loss of power, with the files' names. A failure is
     * final: the next call fails too.
     */
    void sync();

    /**
     * Deletes a cycle, durably. May be called by one other thread while the sequencer appends, as {@link #cycles()} and
     * {@link #length(int)} then may.
     *
     * @param cycle to delete; never the current one.
     */
    void delete(int cycle);

    /**
     * For any thread, when it is open for append.
     *
     * @return bytes that can still be written to the disk that holds the journal, as the system says.
     */
    default long freeBytes()
    {
        return Long.MAX_VALUE;
    }

    /**
     * For the appending thread, with each request: a store that finds out before an append says so here, and what is
     * appended nevertheless may fail.
     *
     * @return whether the disk, or the quota, has no room now for what is to come; it may have later.
     */
    default boolean isShort()
    {
        return false;
    }

    @Override
    void close();
}
