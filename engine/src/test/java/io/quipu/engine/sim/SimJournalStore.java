package io.quipu.engine.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.StreamSupport;

import io.quipu.journal.JournalException;
import io.quipu.journal.JournalRecordDescriptor;
import io.quipu.journal.JournalStore;
import io.quipu.journal.Verdict;
import org.agrona.DirectBuffer;

/**
 * The journal of one process on a {@link SimDisk}, in documents as Chronicle lays them out, store by store: the process
 * may die between any two of them.
 * <pre>
 *   append   header, not complete | first half of the record | second half | header, complete
 *   roll     names made durable | end mark in the old file | new file | its metadata
 * </pre>
 */
final class SimJournalStore implements JournalStore
{
    /** Cycles roll at a sixteenth of what was asked for: the shortest length allowed is too long for a short run. */
    private static final int SCALE = 16;
    static final String PREFIX = "cycle-";
    private static final int METADATA_LENGTH = 20;
    private static final int METADATA = 0x4000_0000;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int END_OF_CYCLE = 0xC000_0000;

    private final SimProcess process;
    private final SimDisk disk;
    private final ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int cycle;
    private int end;
    private boolean isRolling;

    SimJournalStore(final SimProcess process, final SimDisk disk)
    {
        this.process = process;
        this.disk = disk;
    }

    @Override
    public String name(final int number)
    {
        return SimDisk.name(PREFIX, number);
    }

    @Override
    public int[] cycles()
    {
        process.checkRead();
        return StreamSupport.stream(disk.names().spliterator(), false)
            .filter((name) -> name.startsWith(PREFIX))
            .mapToInt((name) -> Integer.parseInt(name.substring(PREFIX.length())))
            .toArray();
    }

    @Override
    public long length(final int number)
    {
        return disk.length(name(number));
    }

    @Override
    public int read(final int number, final long position, final ByteBuffer target)
    {
        process.checkRead();
        final byte[] bytes = disk.bytes(name(number));
        final int count = (int)Math.min(target.remaining(), bytes.length - position);
        if (count <= 0)
        {
            return -1;
        }

        target.put(bytes, (int)position, count);
        return count;
    }

    @Override
    public boolean openForAppend(final int number, final long position, final long records)
    {
        process.checkWrite("openForAppend");
        for (final int later : cycles())
        {
            if (later > number)
            {
                disk.delete(name(later));
            }
        }

        cycle = Math.max(1, number);
        end = (int)position;
        if (NULL_CYCLE != number && END_OF_CYCLE == wordAt(end))
        {
            cycle++;
            end = 0;
        }
        return true;
    }

    private int wordAt(final int position)
    {
        final byte[] bytes = disk.bytes(name(cycle));
        return position + Integer.BYTES > bytes.length ? 0 :
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(position);
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        process.checkWrite("append");
        final byte[] record = new byte[length];
        buffer.getBytes(offset, record);
        process.onAppending(record);
        if (isRolling || 0 == end)
        {
            beginCycle();
        }

        final int half = length / 2;
        putWord(end, NOT_COMPLETE | length);
        process.step("journal.append.header");
        disk.write(name(cycle), end + Integer.BYTES, record, 0, half);
        process.step("journal.append.half");
        disk.write(name(cycle), end + Integer.BYTES + half, record, half, length - half);
        process.step("journal.append.content");
        putWord(end, length);
        end += Integer.BYTES + (length + 3) / 4 * 4;
        process.onAppended();
        process.step("journal.append.complete");
    }

    private void beginCycle()
    {
        if (isRolling)
        {
            // As the shipped store: so a hole between two files is never the work of a loss of power.
            disk.syncDirectory();
            process.step("journal.roll.synced");
            putWord(end, END_OF_CYCLE);
            process.step("journal.roll.ended");
            isRolling = false;
            cycle++;
        }

        disk.create(name(cycle));
        process.step("journal.roll.created");
        putWord(0, METADATA | METADATA_LENGTH);
        end = Integer.BYTES + METADATA_LENGTH;
        putWord(end, 0);
        process.step("journal.roll.begun");
    }

    private void putWord(final int position, final int value)
    {
        word.putInt(0, value);
        disk.write(name(cycle), position, word.array(), 0, Integer.BYTES);
    }

    @Override
    public int maxRecordLength()
    {
        return JournalRecordDescriptor.MAX_RECORD_LENGTH;
    }

    @Override
    public void roll()
    {
        isRolling = true;
    }

    @Override
    public int cycle()
    {
        return isRolling ? cycle + 1 : cycle;
    }

    @Override
    public long cycleLength()
    {
        return isRolling ? 0 : (long)SCALE * end;
    }

    /** While the disk works the sequencer goes on: what it appends meanwhile is not covered. */
    @Override
    public void sync()
    {
        process.checkWrite("sync");
        final int records = process.recordCount();
        final List<SimDisk.Syncing> begun = disk.beginSync(PREFIX);
        process.whileSyncing();
        if (process.failsSync())
        {
            disk.failSync(begun);
            throw new JournalException(Verdict.IO_FAULT, "fsync: input/output error");
        }

        process.step("journal.sync.before");
        disk.endSync(begun);
        disk.syncDirectory();
        process.onSynced(records);
        process.step("journal.sync.after");
    }

    @Override
    public String cut(final int number, final long position)
    {
        process.checkWrite("cut");
        process.step("journal.cut");
        for (final int other : cycles())
        {
            if (other > number)
            {
                disk.delete(name(other));
            }
        }

        if (NULL_CYCLE != number)
        {
            cycle = number;
            final boolean isEnded = END_OF_CYCLE == wordAt((int)position);
            zero(number, (int)position + (isEnded ? Integer.BYTES : 0), disk.length(name(number)));
        }
        disk.endSync(disk.beginSync(PREFIX));
        disk.syncDirectory();
        return "quarantine";
    }

    @Override
    public String wipe(final int number, final long position, final long to)
    {
        process.checkWrite("wipe");
        zero(number, (int)position, (int)to);
        return "quarantine";
    }

    private void zero(final int number, final int from, final int to)
    {
        if (to > from)
        {
            disk.write(name(number), from, new byte[to - from], 0, to - from);
        }
    }

    @Override
    public void recover()
    {
        process.checkRead();
    }

    @Override
    public void delete(final int number)
    {
        process.checkWrite("delete");
        disk.delete(name(number));
        process.onRemoved();
        process.step("journal.deleted");
        disk.syncDirectory();
    }

    @Override
    public void close()
    {
    }
}
