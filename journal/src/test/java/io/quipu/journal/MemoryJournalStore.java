package io.quipu.journal;

import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of a journal in memory, laid out as Chronicle lays them out: a metadata document first, data documents, an
 * end mark, zeros.
 */
public final class MemoryJournalStore implements JournalStore
{
    /** Of the metadata document at the start of each cycle. */
    public static final int METADATA_LENGTH = 20;
    private static final int ROOM_BEHIND = 64;

    /** Bytes of each cycle. */
    public final TreeMap<Integer, byte[]> cycles = new TreeMap<>();
    /** End of the documents of each cycle. */
    public final TreeMap<Integer, Integer> ends = new TreeMap<>();
    /** Whether a sync fails. */
    boolean syncFails;
    /** Calls of {@link #cut} so far. */
    public int cuts;
    private int cycle;
    private boolean isRolling;

    /** A store with the same bytes. */
    public MemoryJournalStore copy()
    {
        final MemoryJournalStore copy = new MemoryJournalStore();
        cycles.forEach((number, bytes) -> copy.cycles.put(number, bytes.clone()));
        copy.ends.putAll(ends);
        return copy;
    }

    private void putWord(final int position, final int word)
    {
        byte[] bytes = cycles.getOrDefault(cycle, new byte[0]);
        if (bytes.length < position + Integer.BYTES + ROOM_BEHIND)
        {
            bytes = Arrays.copyOf(bytes, position + Integer.BYTES + ROOM_BEHIND);
        }
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(position, word);
        cycles.put(cycle, bytes);
    }

    private void begin()
    {
        if (!cycles.containsKey(cycle))
        {
            putWord(0, 0x4000_0000 | METADATA_LENGTH);
            ends.put(cycle, 4 + METADATA_LENGTH);
            putWord(ends.get(cycle), 0);
            Arrays.fill(cycles.get(cycle), 4, 4 + METADATA_LENGTH, (byte)0x5A);
        }
    }

    @Override
    public int[] cycles()
    {
        return cycles.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String name(final int number)
    {
        return "cycle-" + number;
    }

    @Override
    public long length(final int number)
    {
        return cycles.get(number).length;
    }

    @Override
    public int read(final int number, final long position, final ByteBuffer target)
    {
        final byte[] bytes = cycles.get(number);
        final int count = (int)Math.min(target.remaining(), bytes.length - position);
        if (count <= 0)
        {
            return -1;
        }
        target.put(bytes, (int)position, count);
        return count;
    }

    @Override
    public boolean openForAppend(final int number, final long end, final long records)
    {
        cycles.tailMap(number, false).clear();
        ends.tailMap(number, false).clear();
        cycle = Math.max(1, number);
        final byte[] bytes = cycles.get(number);
        if (bytes != null)
        {
            ends.put(number, (int)end);
            final ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (end + 4 <= bytes.length && words.getInt((int)end) == Documents.END_OF_CYCLE)
            {
                cycle++;
            }
        }
        return true;
    }

    @Override
    public String cut(final int number, final long end)
    {
        cuts++;
        cycles.tailMap(number, false).clear();
        ends.tailMap(number, false).clear();
        if (number != NULL_CYCLE)
        {
            final byte[] bytes = cycles.get(number);
            final ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            final boolean isEnded = end + 4 <= bytes.length && words.getInt((int)end) == Documents.END_OF_CYCLE;
            if (!isEnded)
            {
                cycles.put(number, Arrays.copyOf(Arrays.copyOf(bytes, (int)end), (int)end + ROOM_BEHIND));
            }
        }
        return "nowhere";
    }

    @Override
    public String wipe(final int number, final long end, final long to)
    {
        Arrays.fill(cycles.get(number), (int)end, (int)to, (byte)0);
        return "nowhere";
    }

    @Override
    public void recover()
    {
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        if (isRolling)
        {
            isRolling = false;
            putWord(ends.get(cycle), Documents.END_OF_CYCLE);
            cycle++;
        }
        begin();
        final int position = ends.get(cycle);
        putWord(position + 4 + length, 0);
        putWord(position, length);
        buffer.getBytes(offset, cycles.get(cycle), position + 4, length);
        ends.put(cycle, (int)Documents.next(position, length));
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
        return isRolling ? 0 : ends.getOrDefault(cycle, 0);
    }

    @Override
    public void sync()
    {
        if (syncFails)
        {
            throw new JournalException(Verdict.IO_FAULT, "sync: input/output error");
        }
    }

    @Override
    public void delete(final int number)
    {
        cycles.remove(number);
    }

    @Override
    public void close()
    {
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (final Map.Entry<Integer, byte[]> entry : cycles.entrySet())
        {
            text.append(entry.getKey()).append(':').append(entry.getValue().length).append(' ');
        }
        return text.toString();
    }
}
