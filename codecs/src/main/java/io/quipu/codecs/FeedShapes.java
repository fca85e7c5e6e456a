package io.quipu.codecs;

import static io.quipu.codecs.MessageShape.REQUIRED;

import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.feed.BoardDroppedDecoder;
import io.quipu.codecs.feed.BoardViewDecoder;
import io.quipu.codecs.feed.CounterViewDecoder;
import io.quipu.codecs.feed.FeedHeartbeatDecoder;

/**
 * The feed schema as a table.
 */
final class FeedShapes
{
    static final SchemaShape FEED = new SchemaShape(
        BoardViewDecoder.SCHEMA_ID, BoardViewDecoder.SCHEMA_VERSION,

        new MessageShape(BoardViewDecoder.TEMPLATE_ID, Role.ENVELOPE, BoardViewDecoder.BLOCK_LENGTH)
            .grouped(rows(BoardViewDecoder.RowsDecoder.sbeBlockLength()))
            .named(REQUIRED),
        new MessageShape(BoardDroppedDecoder.TEMPLATE_ID, Role.ENVELOPE, BoardDroppedDecoder.BLOCK_LENGTH)
            .named(REQUIRED),
        new MessageShape(CounterViewDecoder.TEMPLATE_ID, Role.ENVELOPE, CounterViewDecoder.BLOCK_LENGTH)
            .grouped(rows(CounterViewDecoder.CountersDecoder.sbeBlockLength())),
        new MessageShape(FeedHeartbeatDecoder.TEMPLATE_ID, Role.ENVELOPE, FeedHeartbeatDecoder.BLOCK_LENGTH));

    private FeedShapes()
    {
    }

    private static GroupShape rows(final int blockLength)
    {
        return new GroupShape(blockLength, new int[]{ REQUIRED }, Bound.NONE, 0, 0xFFFF);
    }
}
