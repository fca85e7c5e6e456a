package io.quipu.codecs;

/**
 * A repeating group: entries of a fixed block and no, one or two names.
 *
 * @param blockLength least length of an entry's block.
 * @param names       least length of each name behind an entry's block, in order.
 * @param bounds      of fields in an entry's block.
 * @param leastCount  fewer entries are malformed.
 * @param mostCount   more entries are too large a request.
 */
record GroupShape(int blockLength, int[] names, Bound[] bounds, int leastCount, int mostCount)
{
    static final GroupShape[] NONE = {};
}
