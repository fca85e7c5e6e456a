package io.quipu.journal;

import io.quipu.journal.ScanResult.Damage;

import java.util.Arrays;

import static io.quipu.journal.JournalRecordDescriptor.MAGIC;
import static io.quipu.journal.JournalRecordDescriptor.MAX_RECORD_LENGTH;
import static io.quipu.journal.JournalRecordDescriptor.MIN_RECORD_LENGTH;

/**
 * Reads a journal as bytes and trusts nothing but length, CRC, chain and sequence: walks the documents of each cycle,
 * hands valid records over in order, and at the first place that is not right looks at everything behind it, to tell
 * where a process or machine stopped from damage.
 * <p>
 * A record that cannot be read is a torn tail unless something shows that it was durable: a record anywhere names a
 * durable sequence at or past the one that was expected there. Records that are valid but stand where no crash can have
 * put them (in the wrong cycle, behind another end of cycle than their own) are damage whatever they name.
 * <p>
 * For one thread; may be used again. Changes nothing in the store.
 */
public final class JournalScanner
{
    /** Scans to the end. */
    public static final long TO_END = Long.MAX_VALUE;

    private final JournalStore store;
    private final boolean isBesideWriter;
    private final RecordCheck check = new RecordCheck();
    private final JournalRecord record = new JournalRecord();
    private final RecordLinks links;
    private final DurableRecord durable;

    private CycleReader reader;
    private int[] cycles;
    private long[] lengths;
    private RecordHandler handler;
    private long toSequence;

    private long bytesBefore;
    private int endCycle;
    private long lastPosition;
    private long endPosition;
    private long endRecords;
    private Stop endStop;
    private int stopCycle;
    private long stopPosition;
    private int stopWord;
    private int recordsCycle;
    private long recordsEnd;
    private int remainsCycle;
    private long remainsPosition;
    private long remainsEnd;
    /** The cycle that a scan was to start in has no damage: it is of an older journal, that was put back. */
    private boolean isStartWhole;
    private String reason;

    /**
     * @param store          to read.
     * @param isBesideWriter true when an engine may be appending: an incomplete last document is then simply the end.
     */
    public JournalScanner(final JournalStore store, final boolean isBesideWriter)
    {
        this(store, new SuperblockCopies(null), JournalContext.DEFAULT_LOGIC_VERSION, isBesideWriter);
    }

    /**
     * @param store          to read.
     * @param superblock     read before the scan begins; it is behind the journal then, never ahead.
     * @param logicVersion   highest that is understood.
     * @param isBesideWriter true when an engine may be appending.
     */
    JournalScanner(
        final JournalStore store,
        final SuperblockCopies superblock,
        final int logicVersion,
        final boolean isBesideWriter)
    {
        this.store = store;
        this.isBesideWriter = isBesideWriter;
        links = new RecordLinks(store, logicVersion);
        durable = new DurableRecord(superblock);
    }

    /**
     * Reads all records from the first, in the cycles that there are when the scan starts, or up to a sequence.
     *
     * @param handler    takes each valid record.
     * @param toSequence records behind the one that holds this sequence are not handed over; {@link #TO_END} for all.
     * @return what was found.
     */
    public ScanResult scan(final RecordHandler handler, final long toSequence)
    {
        return scan(handler, toSequence, JournalPlace.START);
    }

    /**
     * Reads the records behind a place. That the record which ends there is the one that the place names is checked;
     * what stands before it is not looked at, and may be missing.
     *
     * @param handler    takes each valid record.
     * @param toSequence records behind the one that holds this sequence are not handed over.
     * @param start      where an earlier scan ended; {@link JournalPlace#START} for the first record.
     * @return what was found, the records before the place counted too. {@link Verdict#CHECKPOINT_AHEAD} when the journal
     * ends before the place.
     */
    public ScanResult scan(final RecordHandler handler, final long toSequence, final JournalPlace start)
    {
        this.handler = handler;
        this.toSequence = toSequence;
        startFrom(start);
        listCycles(start);
        try (CycleReader newReader = new CycleReader(store, Arrays.stream(lengths).max().orElse(0)))
        {
            reader = newReader;
            return scanCycles(start);
        }
        finally
        {
            reader = null;
        }
    }

    private void startFrom(final JournalPlace start)
    {
        links.start(start);
        links.alsoDurable(durable.sequence());
        durable.start(start);
        bytesBefore = 0;
        endCycle = start.cycle();
        lastPosition = start.position();
        endPosition = 0;
        endRecords = start.cycleRecords();
        endStop = null;
        recordsCycle = endCycle;
        recordsEnd = 0;
        remainsCycle = JournalStore.NULL_CYCLE;
        remainsPosition = 0;
        remainsEnd = 0;
        reason = null;
    }

    /** Of the cycles that there are now, those from the start's on. */
    private void listCycles(final JournalPlace start)
    {
        cycles = Arrays.stream(store.cycles()).filter(cycle -> cycle >= start.cycle()).toArray();
        lengths = new long[cycles.length];
        for (int i = 0; i < cycles.length; i++)
        {
            lengths[i] = store.length(cycles[i]);
        }
    }

    private ScanResult scanCycles(final JournalPlace start)
    {
        if (durable.isTooNew())
        {
            return result(Verdict.FORMAT_TOO_NEW, superblockDamage("a newer program wrote it"));
        }
        final int missing = missingCycle(start);
        if (missing != JournalStore.NULL_CYCLE)
        {
            return result(
                Verdict.GAP, new Damage(store.name(missing), 0, Damage.NULL_SEQUENCE, "the file is missing"));
        }
        if (!start.isStart() && !find(start))
        {
            final boolean isDamaged = !isStartWhole && highestDurable() >= start.sequence();
            return result(isDamaged ? Verdict.CORRUPT : Verdict.CHECKPOINT_AHEAD, new Damage(
                store.name(start.cycle()),
                start.position(),
                start.sequence(),
                "the record that a checkpoint was made behind is not there"));
        }

        bytesBefore = -endPosition;
        handler.onStart(Arrays.stream(lengths).sum() - endPosition);
        Stop stop = Stop.NOTHING;
        for (int i = 0; i < cycles.length; i++)
        {
            final boolean isStart = cycles[i] == start.cycle();
            final Stop previousStop = stop;
            stop = walk(i, isStart ? endPosition : 0, isStart ? endRecords : 0, previousStop);
            final boolean isLast = i == cycles.length - 1;
            if (isLast || stop != Stop.END_OF_CYCLE && stop != Stop.NOTHING)
            {
                return judge(stop, i, previousStop);
            }
            bytesBefore += lengths[i];
        }

        return judgeEnd();
    }

    /** The first that lacks before one that is there, {@link JournalStore#NULL_CYCLE} when none does. */
    private int missingCycle(final JournalPlace start)
    {
        int expected = start.isStart() && cycles.length > 0 ? cycles[0] : start.cycle();
        for (final int cycle : cycles)
        {
            if (cycle != expected)
            {
                return expected;
            }
            expected++;
        }

        return JournalStore.NULL_CYCLE;
    }

    /**
     * Finds the record that a place names: where the place says, or anywhere in its cycle. True when the scan can go on
     * behind it.
     */
    private boolean find(final JournalPlace start)
    {
        isStartWhole = true;
        if (cycles.length == 0 || cycles[0] != start.cycle())
        {
            return false;
        }

        reader.open(cycles[0], lengths[0]);
        if (isRecordOf(start, start.position()))
        {
            onFound(start.position());
            return true;
        }

        long position = 0;
        long cycleRecords = 0;
        int word = reader.require(position, Documents.HEADER_LENGTH) ? reader.word(position) : Documents.NOTHING;
        while (word != Documents.NOTHING && !Documents.isIncomplete(word))
        {
            cycleRecords += Documents.isMetadata(word) ? 0 : 1;
            if (isRecordOf(start, position))
            {
                endRecords = cycleRecords;
                onFound(position);
                return true;
            }
            isStartWhole &= Documents.isMetadata(word) || isRecord(position, Documents.length(word));
            position = Documents.next(position, Documents.length(word));
            word = reader.require(position, Documents.HEADER_LENGTH) ? reader.word(position) : Documents.NOTHING;
        }

        isStartWhole &= word == Documents.NOTHING;
        return false;
    }

    /** Highest durable sequence that the superblock names, or a record anywhere in the cycles to be read. */
    private long highestDurable()
    {
        final TailSearch search = newTailSearch();
        search.search(cycles, lengths, 0, 0, JournalStore.NULL_CYCLE, 0);

        return Math.max(durable.sequence(), search.durableSequence());
    }

    private TailSearch newTailSearch()
    {
        return new TailSearch(reader, check, found -> durable.canFollow(found, links));
    }

    private void onFound(final long position)
    {
        lastPosition = position;
        endPosition = Documents.next(position, record.length());
        recordsEnd = endPosition;
        links.onStartRecord(record);
    }

    private boolean isRecordOf(final JournalPlace start, final long position)
    {
        if (!reader.require(position, Documents.HEADER_LENGTH))
        {
            return false;
        }

        final int word = reader.word(position);
        final int length = Documents.length(word);
        if (Documents.isIncomplete(word) || Documents.isMetadata(word) || !isRecord(position, length))
        {
            return false;
        }

        final int offset = reader.offset(position) + Documents.HEADER_LENGTH;
        record.wrap(reader.buffer(), offset, length);
        return record.lastSequence() == start.sequence() && record.chain() == start.chain();
    }

    /** Whether a document's content is a record, valid by itself. */
    private boolean isRecord(final long position, final int length)
    {
        if (length < MIN_RECORD_LENGTH || length > MAX_RECORD_LENGTH)
        {
            reason = "a document of " + length + " bytes is no record";
            return false;
        }
        if (!reader.require(position, Documents.HEADER_LENGTH + length))
        {
            reason = "the file ends within a record";
            return false;
        }

        final int offset = reader.offset(position) + Documents.HEADER_LENGTH;
        if (RecordCheck.plausibleLength(reader.buffer(), offset) != length)
        {
            reason = "no record header";
            return false;
        }
        if (!check.isCrcValid(reader, offset, length))
        {
            reason = "the CRC of a record does not agree";
            return false;
        }

        return true;
    }

    /** Walks the documents of a cycle; returns at the first that is not a valid record or metadata. */
    private Stop walk(final int index, final long from, final long fromRecords, final Stop previousStop)
    {
        final int cycle = cycles[index];
        reader.open(cycle, lengths[index]);
        long position = from;
        long recordPosition = lastPosition;
        long cycleRecords = fromRecords;

        while (true)
        {
            final Stop stop = step(cycle, position);
            if (stop != null)
            {
                // What should stand before an unlinked first record is missing where the cycle before it stopped.
                final boolean isBehindHole = stop == Stop.UNLINKED && cycleRecords == 0 &&
                    previousStop == Stop.NOTHING && index > 0;
                if (!isBehindHole)
                {
                    stopCycle = cycle;
                    stopPosition = position;
                }
                if (cycleRecords > 0)
                {
                    endCycle = cycle;
                    lastPosition = recordPosition;
                    endPosition = position;
                    endRecords = cycleRecords;
                    endStop = stop;
                }
                return stop;
            }

            final int word = reader.word(position);
            final boolean isRecord = !Documents.isMetadata(word);
            recordPosition = isRecord ? position : recordPosition;
            position = Documents.next(position, Documents.length(word));
            if (isRecord)
            {
                cycleRecords++;
                recordsCycle = cycle;
                recordsEnd = position;
            }
        }
    }

    /** Looks at one document; null when the walk goes on behind it. The document's header is then in the window. */
    private Stop step(final int cycle, final long position)
    {
        if (links.lastSequence() >= toSequence)
        {
            return Stop.REACHED;
        }

        final int word = reader.require(position, Documents.HEADER_LENGTH) ? reader.word(position) : Documents.NOTHING;
        stopWord = word;
        if (word == Documents.NOTHING)
        {
            return Stop.NOTHING;
        }
        if (word == Documents.END_OF_CYCLE)
        {
            return Stop.END_OF_CYCLE;
        }
        if (Documents.isIncomplete(word))
        {
            return stop(Stop.INCOMPLETE, "a document was not completed");
        }

        final int length = Documents.length(word);
        if (Documents.next(position, length) > reader.limit())
        {
            return stop(Stop.BEYOND, "a document of " + length + " bytes reaches behind the end of the file");
        }

        return Documents.isMetadata(word) ? stepMetadata(position, length) : stepRecord(cycle, position, length);
    }

    private Stop stepMetadata(final long position, final int length)
    {
        final int least = 2 * Integer.BYTES;
        if (length < least || !reader.require(position, Documents.HEADER_LENGTH + least))
        {
            return stop(Stop.DAMAGED, "a metadata document of " + length + " bytes");
        }

        return reader.word(position + Documents.HEADER_LENGTH) == MAGIC ?
            stop(Stop.DAMAGED, "a record marked as metadata") : null;
    }

    private Stop stepRecord(final int cycle, final long position, final int length)
    {
        if (!isRecord(position, length))
        {
            return Stop.DAMAGED;
        }

        final int offset = reader.offset(position) + Documents.HEADER_LENGTH;
        record.wrap(reader.buffer(), offset, length).place(cycle, position, bytesBefore + position);
        final Stop stop = links.verify(record);
        if (stop != null)
        {
            return stop(stop, links.reason());
        }

        final String contradiction = durable.verify(record);
        return contradiction == null ? take() : stop(Stop.MISPLACED, contradiction);
    }

    private Stop take()
    {
        handler.onRecord(record);
        links.take(record);
        return null;
    }

    private Stop stop(final Stop stop, final String reason)
    {
        this.reason = reason;
        return stop;
    }

    private ScanResult judge(final Stop stop, final int index, final Stop previousStop)
    {
        switch (stop)
        {
            case REACHED:
                return result(Verdict.CLEAN, null);

            case TOO_NEW:
                return result(Verdict.FORMAT_TOO_NEW, damage());

            case MISPLACED:
                return result(Verdict.CORRUPT, damage());

            case UNLINKED:
                if (stopCycle == cycles[index] && endCycle != stopCycle &&
                    (previousStop == Stop.END_OF_CYCLE || links.records() == 0))
                {
                    final boolean isAhead = record.firstSequence() > links.lastSequence() + 1;
                    if (isAhead && links.records() == 0 && durable.firstCycle() > 1)
                    {
                        reason = "the files before it were removed behind a checkpoint, which a start needs";
                    }
                    return result(isAhead ? Verdict.GAP : Verdict.CORRUPT, damage());
                }
                break;

            default:
                break;
        }

        return judgeTail(stop, Arrays.binarySearch(cycles, stopCycle));
    }

    /**
     * The bytes here may be what a stopped process or machine left: what stands behind them decides. Looked at is
     * everything behind the last valid record, as a metadata document of a wrong length leads over records.
     */
    private ScanResult judgeTail(final Stop stop, final int index)
    {
        final TailSearch search = newTailSearch();
        final int searchIndex = Math.max(0, Arrays.binarySearch(cycles, recordsCycle));
        search.search(cycles, lengths, searchIndex, recordsEnd, stopCycle, stopPosition);
        if (index == cycles.length - 1 && (isEnd(stop, search) || isBesideWriter && isWriterAt(stop, search)))
        {
            return judgeEnd();
        }

        if (stop == Stop.NOTHING || stop == Stop.END_OF_CYCLE)
        {
            reason = search.records() > 0 ? "records that no document leads to" : "bytes behind the last record";
        }
        links.alsoDurable(search.durableSequence());

        final boolean isLost = links.durableSequence() > links.lastSequence() || !durable.isMet();
        return result(isLost ? Verdict.CORRUPT : Verdict.TORN_TAIL, damage());
    }

    /** The end, unless the superblock knows of more. */
    private ScanResult judgeEnd()
    {
        if (durable.isMet())
        {
            return result(Verdict.CLEAN, null);
        }

        final boolean isFileMissing = Arrays.binarySearch(cycles, durable.cycle()) < 0;
        return result(isFileMissing ? Verdict.GAP : Verdict.CORRUPT, new Damage(
            store.name(durable.cycle()),
            endCycle == durable.cycle() ? endPosition : 0,
            links.lastSequence() + 1,
            (isFileMissing ? "the file is missing" : "the records are missing") +
                " that reached to durable sequence " + durable.sequence()));
    }

    /** Whether no document is here, and behind it nothing, or no more than one that was never committed. */
    private boolean isEnd(final Stop stop, final TailSearch search)
    {
        if (stop == Stop.END_OF_CYCLE)
        {
            return search.records() == 0;
        }
        if (stop != Stop.NOTHING)
        {
            return false;
        }
        if (search.remainsEnd() != TailSearch.NOWHERE)
        {
            // A whole record whose header word is lost may have been appended: that is no end, however it came about.
            remainsCycle = stopCycle;
            remainsPosition = stopPosition;
            remainsEnd = search.remainsEnd();
            return (endCycle == stopCycle || isFirstAppend()) && search.records() == 0 && isOneDocument(search);
        }
        if (search.records() > 0)
        {
            return false;
        }
        if (endCycle == stopCycle || endStop != Stop.NOTHING)
        {
            return true;
        }

        // Only an empty cycle follows: nothing may stand behind the last record either.
        stopCycle = endCycle;
        stopPosition = endPosition;
        return !search.hasRemains(endCycle, lengths[Arrays.binarySearch(cycles, endCycle)], endPosition);
    }

    /** Whether the scan stopped where the first record of a cycle would be, right behind the cycle before. */
    private boolean isFirstAppend()
    {
        return endCycle == JournalStore.NULL_CYCLE ?
            stopCycle == cycles[0] : endStop == Stop.END_OF_CYCLE && stopCycle == endCycle + 1;
    }

    private boolean isOneDocument(final TailSearch search)
    {
        final boolean isItself = search.records() == 1 && search.firstCycle() == stopCycle &&
            search.firstRecord() == stopPosition + Documents.HEADER_LENGTH;

        return (search.records() == 0 || isItself) &&
            search.remainsEnd() <= Documents.next(stopPosition, MAX_RECORD_LENGTH);
    }

    /** Whether a running engine was writing just here: then this is the end, as it was when the scan came to it. */
    private boolean isWriterAt(final Stop stop, final TailSearch search)
    {
        if (stop == Stop.BEYOND)
        {
            return store.length(stopCycle) != reader.limit();
        }
        if (stop != Stop.NOTHING && stop != Stop.INCOMPLETE)
        {
            return false;
        }

        reader.discard();
        final int word = reader.require(stopPosition, Documents.HEADER_LENGTH) ?
            reader.word(stopPosition) : Documents.NOTHING;

        return word != stopWord || isOneDocument(search);
    }

    private Damage damage()
    {
        return new Damage(store.name(stopCycle), stopPosition, links.lastSequence() + 1, reason);
    }

    private Damage superblockDamage(final String why)
    {
        return new Damage(durable.name(), 0, Damage.NULL_SEQUENCE, why);
    }

    /** What is found of the journal; a superblock that does not belong to it comes first. */
    private ScanResult result(final Verdict verdict, final Damage damage)
    {
        final String fault = verdict == Verdict.FORMAT_TOO_NEW || verdict == Verdict.CHECKPOINT_AHEAD ?
            null : durable.fault(links);
        return fault == null ? found(verdict, damage) : found(Verdict.CORRUPT, superblockDamage(fault));
    }

    private ScanResult found(final Verdict verdict, final Damage damage)
    {
        final boolean hasRemains = verdict == Verdict.CLEAN && remainsEnd > remainsPosition;
        return new ScanResult(
            verdict,
            links.lastSequence(),
            links.chain(),
            links.epoch(),
            links.timestampNs(),
            links.durableSequence(),
            links.journalIdHigh(),
            links.journalIdLow(),
            links.records(),
            links.bytes(),
            cycles.length,
            endCycle,
            lastPosition,
            endPosition,
            endRecords,
            hasRemains ? remainsCycle : endCycle,
            hasRemains ? remainsPosition : endPosition,
            hasRemains ? remainsEnd : endPosition,
            links.lastSequence() >= toSequence,
            damage);
    }
}
