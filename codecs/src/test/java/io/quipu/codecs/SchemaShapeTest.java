package io.quipu.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.quipu.codecs.MessageShape.BoardUse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tables are what the schemas say: no message forgotten, none drifted.
 */
class SchemaShapeTest
{
    @Test
    void shouldHoldTheIngressSchema()
    {
        final NaiveFrames schema = NaiveFrames.of("ingress");
        assertThat(absent(schema, IngressShapes.INGRESS)).containsExactly("IdempotencyKey");
        for (final NaiveFrames.Message message : schema.messages.values())
        {
            final MessageShape shape = IngressShapes.INGRESS.shape(message.id());
            if (null != shape)
            {
                final BoardUse use = "Resolve".equals(message.name()) ? BoardUse.FOR_MEMBERS :
                    message.usesBoard() ? BoardUse.YES : BoardUse.NO;
                assertThat(shape.boardUse()).as(message.name()).isEqualTo(use);
            }
        }
    }

    @Test
    void shouldHoldTheEgressSchema()
    {
        assertThat(absent(NaiveFrames.of("egress"), EgressShapes.EGRESS)).isEmpty();
    }

    @Test
    void shouldHoldTheFeedSchema()
    {
        assertThat(absent(NaiveFrames.of("feed"), FeedShapes.FEED)).isEmpty();
    }

    @Test
    void shouldHoldTheStorageSchema()
    {
        assertThat(absent(NaiveFrames.of("storage"), StorageShapes.STORAGE)).containsExactly("TickFrame");
    }

    /** Compares the shapes of all messages; answers with the names of those that the table has not. */
    private static List<String> absent(final NaiveFrames schema, final SchemaShape table)
    {
        final List<String> absent = new ArrayList<>();
        for (final NaiveFrames.Message message : schema.messages.values())
        {
            final MessageShape shape = table.shape(message.id());
            if (null == shape)
            {
                absent.add(message.name());
                continue;
            }
            assertThat(shape.blockLength()).as(message.name()).isEqualTo(message.blockLength());
            assertThat(shape.names()).as(message.name()).hasSize(message.names());
            assertThat(shape.groups()).as(message.name()).hasSize(message.groups().size());
            for (int i = 0; i < shape.groups().length; i++)
            {
                assertThat(shape.groups()[i].blockLength()).isEqualTo(message.groups().get(i).blockLength());
                assertThat(shape.groups()[i].names()).hasSize(message.groups().get(i).names());
            }
        }
        for (int id = 0; id < 0xFFFF; id++)
        {
            assertThat(null == table.shape(id) || schema.messages.containsKey(id)).isTrue();
        }
        return absent;
    }
}
