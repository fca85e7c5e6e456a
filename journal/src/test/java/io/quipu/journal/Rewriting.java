package io.quipu.journal;

import io.quipu.journal.SmallJournal.Place;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Changes a field of a record and gives it the CRC that belongs to it.
 */
final class Rewriting
{
    private Rewriting()
    {
    }

    static void putShort(final MemoryJournalStore store, final Place place, final int field, final int value)
    {
        final byte[] bytes = store.cycles.get(place.cycle());
        final int start = (int)place.position() + Documents.HEADER_LENGTH;
        final ByteBuffer record = ByteBuffer.allocateDirect(place.length()).order(ByteOrder.LITTLE_ENDIAN);
        record.put(bytes, start, place.length()).putShort(field, (short)value);
        final int previousChain = record.getInt(JournalRecordDescriptor.PREVIOUS_CHAIN_OFFSET);
        final int chain = JournalRecordDescriptor.computeChain(new CRC32C(), record, 0, place.length(), previousChain);
        record.putInt(place.length() - JournalRecordDescriptor.CRC_LENGTH, chain);
        record.clear().get(bytes, start, place.length());
    }
}
