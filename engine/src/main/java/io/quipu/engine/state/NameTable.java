package io.quipu.engine.state;

import org.agrona.DirectBuffer;

/**
 * Names of 1..128 bytes, each stored once off-heap, counted by the objects that bear it: a counter, a board, a member
 * each hold one reference. A name goes with its last reference. Ids of names are layout, never logical state: they
 * stand in no handle, no digest and no reply.
 */
final class NameTable implements AutoCloseable
{
    static final int NULL_NAME = 0;
    static final int MIN_LENGTH = 1;
    static final int MAX_LENGTH = 128;

    /**
     * @return id of the name, or {@link #NULL_NAME} when nobody bears it.
     */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        return NULL_NAME;
    }

    /**
     * Finds or stores the name, and takes a reference to it. The caller has checked that a new name is within the
     * limit ({@link #size()}) and has 1..128 bytes.
     *
     * @return its id.
     */
    int intern(final DirectBuffer buffer, final int offset, final int length)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes one more reference. Also revives a name released within the ATOMIC request that is being rolled back.
     */
    void retain(final int nameId)
    {
    }

    /**
     * Gives a reference back; with the last one the name goes. Inside an ATOMIC request its id and bytes stay
     * untouched until the request has ended.
     */
    void release(final int nameId)
    {
    }

    /** 64-bit hash of its bytes (XXH64, seed 0): fixed, it stands in the digest. */
    long hash(final int nameId)
    {
        return 0;
    }

    int length(final int nameId)
    {
        return 0;
    }

    /** Address of its bytes, valid while it is referenced. */
    long address(final int nameId)
    {
        return 0;
    }

    /**
     * Compares the bytes as unsigned; the shorter first where one starts the other.
     */
    int compare(final int leftId, final int rightId)
    {
        return 0;
    }

    boolean matches(final int nameId, final DirectBuffer buffer, final int offset, final int length)
    {
        return false;
    }

    /**
     * @return names that are referenced.
     */
    long size()
    {
        return 0;
    }

    /** Hash that {@link #hash(int)} gives once these bytes are interned. */
    static long hash(final DirectBuffer buffer, final int offset, final int length)
    {
        return 0;
    }

    public void close()
    {
    }
}
