package io.quipu.journal;

import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * A Chronicle queue opened to append raw documents in cycles of our own numbers. For one thread; may be closed by
 * another after that one stopped.
 * <p>
 * Chronicle rolls when its clock passes into another cycle. Its clock is ours: it stands still at the day whose number
 * is the current cycle, so that raising the number is a roll, and nothing else is. Documents are copied from off-heap
 * memory by {@code writeBytes}, which commits by storing the document's header word last.
 */
final class QueueWriter implements AutoCloseable
{
    /** What Chronicle appends to the name of a cycle's file. */
    static final String SUFFIX = ".cq4";

    /** Chronicle's table of locks and counts: made anew, as its locks hold the process ids of the dead. */
    private static final String TABLE_FILE = "metadata.cq4t";
    private static final RollCycles ROLL_CYCLE = RollCycles.FAST_DAILY;
    private static final DateTimeFormatter FILE_DATE = DateTimeFormatter.ofPattern(ROLL_CYCLE.format());
    private static final long LOCK_TIMEOUT_MS = 1_000;

    private final PointerBytesStore pointer = new PointerBytesStore();
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private int cycle;

    /**
     * @param directory   of the queue; created when there is none.
     * @param blockLength by which the mapping of a file grows.
     * @param cycle       that the first append goes to.
     */
    QueueWriter(final Path directory, final int blockLength, final int cycle) throws IOException
    {
        this.cycle = cycle;
        Files.deleteIfExists(directory.resolve(TABLE_FILE));
        final TimeProvider clock = () -> this.cycle * (long)ROLL_CYCLE.lengthInMillis();
        queue = SingleChronicleQueueBuilder.binary(directory)
            .rollCycle(ROLL_CYCLE)
            .timeProvider(clock)
            .blockSize(blockLength)
            .timeoutMS(LOCK_TIMEOUT_MS)
            .build();
        ExcerptAppender newAppender = null;
        try
        {
            newAppender = queue.createAppender();
            newAppender.singleThreadedCheckDisabled(true);
        }
        finally
        {
            if (newAppender == null)
            {
                queue.close();
            }
        }
        appender = newAppender;
    }

    /**
     * @param cycle of the journal.
     * @return name of its file.
     */
    static String fileName(final int cycle)
    {
        return FILE_DATE.format(LocalDate.ofEpochDay(cycle)) + SUFFIX;
    }

    /**
     * @param fileName ending in {@link #SUFFIX}.
     * @return its cycle.
     * @throws java.time.DateTimeException when no cycle has such a name.
     */
    static int cycleOf(final String fileName)
    {
        final String date = fileName.substring(0, fileName.length() - SUFFIX.length());
        return (int)LocalDate.parse(date, FILE_DATE).toEpochDay();
    }

    /**
     * @param lastCycle with a document in it.
     * @param documents in that cycle.
     * @return true when Chronicle's own books say the same.
     */
    boolean endsWith(final int lastCycle, final long documents)
    {
        return queue.lastIndex() == ROLL_CYCLE.toIndex(lastCycle, documents - 1);
    }

    void append(final DirectBuffer buffer, final int offset, final int length)
    {
        pointer.set(buffer.addressOffset() + offset, length);
        appender.writeBytes(pointer);
    }

    void roll()
    {
        cycle++;
    }

    int cycle()
    {
        return cycle;
    }

    /**
     * @return position behind the last document, after at least one append in the current cycle.
     */
    long position()
    {
        return appender.wire().bytes().writePosition();
    }

    /**
     * @return the file that Chronicle appended to last.
     */
    Path file()
    {
        return appender.currentFile().toPath();
    }

    /**
     * @return the mappings of {@link #file()}.
     */
    MappedFile mappedFile()
    {
        return ((MappedBytes)appender.wire().bytes()).mappedFile();
    }

    @Override
    public void close()
    {
        appender.close();
        queue.close();
        BackgroundResourceReleaser.releasePendingResources();
    }
}
