package io.quipu.engine.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * One directory of files behind a page cache, as a kernel keeps them.
 * <pre>
 *   write --> cached bytes, page marked dirty          what every process sees, also after a kill -9
 *                 |  sync(file): its dirty pages
 *                 v
 *             stable bytes                             what is there after a loss of power
 *
 *   create, delete --> cached entries                  the same for names:
 *                 |  syncDirectory()
 *                 v
 *             stable entries
 * </pre>
 * A loss of power decides page by page: an unsynced page of 4 KiB has reached the disk, or has not, or only some of its
 * 512-byte sectors have. Names that were not synced are there or not, each for itself. A file keeps its new length only
 * if one of its pages behind the old length did.
 */
final class SimDisk
{
    static final int PAGE_LENGTH = 4096;
    private static final int SECTOR_LENGTH = 512;
    /** Above any number in a name. */
    private static final long NUMBERS = 1_000_000_000L;

    static final class SimFile
    {
        byte[] cached = new byte[0];
        byte[] stable = new byte[0];
        final BitSet dirty = new BitSet();
    }

    /** What a sync that is under way will have made stable: a file's pages, from the first dirty one to the last. */
    record Syncing(SimFile file, int from, byte[] bytes)
    {
    }

    private final TreeMap<String, SimFile> entries = new TreeMap<>();
    private final TreeMap<String, SimFile> stableEntries = new TreeMap<>();

    /** A name that sorts as its number does. */
    static String name(final String prefix, final long number)
    {
        return prefix + Long.toString(NUMBERS + number).substring(1);
    }

    boolean exists(final String name)
    {
        return entries.containsKey(name);
    }

    Iterable<String> names()
    {
        return entries.keySet();
    }

    int length(final String name)
    {
        return entries.get(name).cached.length;
    }

    /** The bytes as any process reads them now; not to be changed. */
    byte[] bytes(final String name)
    {
        return entries.get(name).cached;
    }

    void create(final String name)
    {
        entries.putIfAbsent(name, new SimFile());
    }

    void delete(final String name)
    {
        entries.remove(name);
    }

    void rename(final String from, final String to)
    {
        entries.put(to, entries.remove(from));
    }

    /** Files grow by whole pages of zeros. */
    void write(final String name, final int offset, final byte[] bytes, final int from, final int length)
    {
        final SimFile file = entries.get(name);
        final int end = offset + length;
        if (end > file.cached.length)
        {
            file.cached = Arrays.copyOf(file.cached, (end + PAGE_LENGTH - 1) / PAGE_LENGTH * PAGE_LENGTH);
        }

        System.arraycopy(bytes, from, file.cached, offset, length);
        file.dirty.set(offset / PAGE_LENGTH, (end + PAGE_LENGTH - 1) / PAGE_LENGTH);
    }

    /** Cuts the zeros that {@link #write} fills the last page with. */
    void truncate(final String name, final int length)
    {
        final SimFile file = entries.get(name);
        if (null != file)
        {
            file.cached = Arrays.copyOf(file.cached, length);
        }
    }

    /** One file's bytes; its name is not synced. */
    void sync(final String name)
    {
        final SimFile file = entries.get(name);
        file.stable = file.cached.clone();
        file.dirty.clear();
    }

    /**
     * The dirty pages of some files as they are now, to be made stable by {@link #endSync}; a crash in between changes
     * nothing.
     *
     * @param prefix of the files' names.
     */
    List<Syncing> beginSync(final String prefix)
    {
        final List<Syncing> begun = new ArrayList<>();
        entries.tailMap(prefix).forEach((name, file) ->
        {
            if (name.startsWith(prefix) && !file.dirty.isEmpty())
            {
                final int from = file.dirty.nextSetBit(0) * PAGE_LENGTH;
                final int to = Math.min(file.cached.length, file.dirty.length() * PAGE_LENGTH);
                begun.add(new Syncing(file, from, Arrays.copyOfRange(file.cached, from, to)));
            }
        });
        return begun;
    }

    /** What {@link #beginSync} saw survives a loss of power from now on; what was written since is dirty. */
    void endSync(final List<Syncing> begun)
    {
        for (final Syncing syncing : begun)
        {
            final SimFile file = syncing.file();
            final int to = syncing.from() + syncing.bytes().length;
            if (to > file.stable.length)
            {
                file.stable = Arrays.copyOf(file.stable, to);
            }
            System.arraycopy(syncing.bytes(), 0, file.stable, syncing.from(), syncing.bytes().length);
            file.dirty.stream().filter((page) -> isStable(file, page)).forEach(file.dirty::clear);
        }
    }

    private static boolean isStable(final SimFile file, final int page)
    {
        final int from = page * PAGE_LENGTH;
        final int to = from + PAGE_LENGTH;
        return to <= file.stable.length && Arrays.equals(file.cached, from, to, file.stable, from, to);
    }

    /** The kernel reports a failure once: it has given up those pages, and reads them from the disk again. */
    void failSync(final List<Syncing> begun)
    {
        for (final Syncing syncing : begun)
        {
            final SimFile file = syncing.file();
            file.cached = Arrays.copyOf(file.stable, file.cached.length);
            file.dirty.clear();
        }
    }

    void syncDirectory()
    {
        stableEntries.clear();
        stableEntries.putAll(entries);
    }

    /** Turns one bit over, in the cache and on the disk. */
    void flipBit(final String name, final int offset, final int bit)
    {
        final SimFile file = entries.get(name);
        file.cached[offset] ^= (byte)(1 << bit);
        if (offset < file.stable.length)
        {
            file.stable[offset] ^= (byte)(1 << bit);
        }
    }

    /** What the kernel had not written is there or not. */
    void losePower(final Random random)
    {
        final TreeSet<String> names = new TreeSet<>(entries.keySet());
        names.addAll(stableEntries.keySet());
        for (final String name : names)
        {
            final SimFile cached = entries.get(name);
            final SimFile stable = stableEntries.get(name);
            if (cached != stable && random.nextBoolean())
            {
                if (null == stable)
                {
                    entries.remove(name);
                }
                else
                {
                    entries.put(name, stable);
                }
            }
        }

        entries.values().forEach((file) -> losePower(file, random));
        syncDirectory();
    }

    private static void losePower(final SimFile file, final Random random)
    {
        byte[] left = file.stable.clone();
        for (int page = file.dirty.nextSetBit(0); page >= 0; page = file.dirty.nextSetBit(page + 1))
        {
            final int fate = random.nextInt(3);
            final int pageEnd = Math.min(file.cached.length, (page + 1) * PAGE_LENGTH);
            for (int offset = page * PAGE_LENGTH; fate > 0 && offset < pageEnd; offset += SECTOR_LENGTH)
            {
                if (1 == fate || random.nextBoolean())
                {
                    final int length = Math.min(SECTOR_LENGTH, pageEnd - offset);
                    left = left.length < offset + length ? Arrays.copyOf(left, offset + length) : left;
                    System.arraycopy(file.cached, offset, left, offset, length);
                }
            }
        }

        file.cached = left;
        file.stable = left.clone();
        file.dirty.clear();
    }

    /** A value that changes when any byte or name changes. */
    long fingerprint()
    {
        final CRC32C crc = new CRC32C();
        long print = 0;
        for (final Map.Entry<String, SimFile> entry : entries.entrySet())
        {
            crc.update(entry.getKey().getBytes(UTF_8));
            crc.update(entry.getValue().cached);
            print = 31 * print + crc.getValue();
        }
        return print;
    }
}
