package io.quipu.engine.state;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Values published with XXH64, and such of the reference program {@code xxhsum -H64}.
 */
class Xxh64Test
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, 64));

    @Test
    void shouldHashAsPublished()
    {
        assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
        assertThat(hash("message digest")).isEqualTo(0x066ED728FCEEB3BEL);
        assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xFBCEA83C8A378BF1L);
        assertThat(hash("The quick brown fox jumps over the lazy dog")).isEqualTo(0x0B242D361FDA71BCL);
    }

    @Test
    void shouldNotDependOnAlignment()
    {
        final byte[] bytes = "The quick brown fox jumps over the lazy dog".getBytes(US_ASCII);
        for (int offset = 0; offset < 64; offset++)
        {
            buffer.putBytes(offset, bytes);

            assertThat(Xxh64.hash(buffer.addressOffset() + offset, bytes.length)).isEqualTo(0x0B242D361FDA71BCL);
        }
    }

    @Test
    void shouldDependOnEachByteAndOnLength()
    {
        for (int length = 1; length <= NameTable.MAX_LENGTH; length++)
        {
            buffer.setMemory(0, 256, (byte)0);
            final long zeros = Xxh64.hash(buffer.addressOffset(), length);
            assertThat(zeros).isNotEqualTo(Xxh64.hash(buffer.addressOffset(), length - 1));
            for (int i = 0; i < length; i++)
            {
                buffer.putByte(i, (byte)1);
                assertThat(Xxh64.hash(buffer.addressOffset(), length)).isNotEqualTo(zeros);
                buffer.putByte(i, (byte)0);
            }
        }
    }

    private long hash(final String text)
    {
        final byte[] bytes = text.getBytes(US_ASCII);
        buffer.putBytes(0, bytes);
        return Xxh64.hash(buffer.addressOffset(), bytes.length);
    }
}
