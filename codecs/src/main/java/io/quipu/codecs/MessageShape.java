package io.quipu.codecs;

/**
 * One message of a schema: a block, then groups, then names. SBE has no other order.
 * <pre>
 *   header 8 | block | group* | name*          group = block length u16 | count u16 | entry*
 *                                              entry = block | name*
 *                                              name  = length u8 | bytes
 * </pre>
 *
 * @param templateId  unique in its schema.
 * @param role        where the message may stand.
 * @param boardUse    whether an OnBoard has to precede it.
 * @param blockLength least length of the block.
 * @param bounds      of fields in the block.
 * @param groups      in order.
 * @param names       least length of each name behind the groups, in order.
 */
record MessageShape(
    int templateId, Role role, BoardUse boardUse, int blockLength, Bound[] bounds, GroupShape[] groups, int[] names)
{
    /** A name that has 1..128 bytes. */
    static final int REQUIRED = 1;

    /** A name that may also be empty. */
    static final int OPTIONAL = 0;

    static final int[] NO_NAMES = {};

    /** Where a message may stand. */
    enum Role
    {
        /** Alone in its frame. */
        ENVELOPE,
        /** Starts a frame in which other messages follow. */
        OPENING,
        /** Starts a request inside a frame. */
        REQUEST,
        /** Selects a board for the messages behind it. */
        SELECTOR,
        /** A run of commands inside a request. */
        COMMAND,
        /** Ends a query frame. */
        QUERY,
        /** What apply answered, behind a Reply. */
        RESULT,
        /** What a query answered, behind a QueryReply. */
        BODY
    }

    /** Whether a message works on the selected board. */
    enum BoardUse
    {
        NO,
        YES,
        /** Where the kind asked for is a member. */
        FOR_MEMBERS
    }

    MessageShape(final int templateId, final Role role, final int blockLength)
    {
        this(templateId, role, BoardUse.NO, blockLength, Bound.NONE, GroupShape.NONE, NO_NAMES);
    }

    MessageShape onBoard(final BoardUse use)
    {
        return new MessageShape(templateId, role, use, blockLength, bounds, groups, names);
    }

    MessageShape bounded(final Bound... fields)
    {
        return new MessageShape(templateId, role, boardUse, blockLength, fields, groups, names);
    }

    MessageShape grouped(final GroupShape... inOrder)
    {
        return new MessageShape(templateId, role, boardUse, blockLength, bounds, inOrder, names);
    }

    MessageShape named(final int... leastLengths)
    {
        return new MessageShape(templateId, role, boardUse, blockLength, bounds, groups, leastLengths);
    }
}
