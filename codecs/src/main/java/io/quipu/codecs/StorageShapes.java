package io.quipu.codecs;

import static io.quipu.codecs.MessageShape.OPTIONAL;

import io.quipu.codecs.MessageShape.Role;
import io.quipu.codecs.ingress.Mode;
import io.quipu.codecs.ingress.ReplyForm;
import io.quipu.codecs.storage.EpochStartDecoder;
import io.quipu.codecs.storage.ExcludedFrameDecoder;
import io.quipu.codecs.storage.RequestFrameDecoder;
import io.quipu.codecs.storage.SessionCloseFrameDecoder;
import io.quipu.codecs.storage.SessionOpenFrameDecoder;

/**
 * The storage schema as a table. {@code TickFrame} is reserved and therefore absent.
 */
final class StorageShapes
{
    static final SchemaShape STORAGE = new SchemaShape(
        RequestFrameDecoder.SCHEMA_ID, RequestFrameDecoder.SCHEMA_VERSION,

        new MessageShape(RequestFrameDecoder.TEMPLATE_ID, Role.OPENING, RequestFrameDecoder.BLOCK_LENGTH)
            .bounded(
                Bound.oneOf(RequestFrameDecoder.replyFormEncodingOffset(), 0, ReplyForm.RANKS.value()),
                Bound.oneOf(RequestFrameDecoder.modeEncodingOffset(), 0, Mode.ATOMIC.value())),
        new MessageShape(SessionOpenFrameDecoder.TEMPLATE_ID, Role.ENVELOPE, SessionOpenFrameDecoder.BLOCK_LENGTH),
        new MessageShape(SessionCloseFrameDecoder.TEMPLATE_ID, Role.ENVELOPE, SessionCloseFrameDecoder.BLOCK_LENGTH),
        new MessageShape(ExcludedFrameDecoder.TEMPLATE_ID, Role.ENVELOPE, ExcludedFrameDecoder.BLOCK_LENGTH),
        // The least block is that of version 0.
        new MessageShape(EpochStartDecoder.TEMPLATE_ID, Role.ENVELOPE, EpochStartDecoder.givenUpToEncodingOffset())
            .named(OPTIONAL));

    private StorageShapes()
    {
    }
}
