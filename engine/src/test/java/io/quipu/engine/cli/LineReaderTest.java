package io.quipu.engine.cli;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

import static org.assertj.core.api.Assertions.assertThat;

class LineReaderTest
{
    @Test
    void shouldNumberLinesAndDropTheirEnds() throws IOException
    {
        try (LineReader reader = reader("one\r\n\ntwo # x\nthree"))
        {
            assertThat(read(reader)).containsExactly("1:one", "2:", "3:two # x", "4:three");
            assertThat(reader.offset()).isEqualTo(19);
        }
    }

    @Test
    void shouldSkipAByteOrderMark() throws IOException
    {
        try (LineReader reader = reader("\ufeffadd x 1\n"))
        {
            assertThat(read(reader)).containsExactly("1:add x 1");
        }
    }

    @Test
    void shouldMarkALineThatIsTooLongAndGoOnBehindIt() throws IOException
    {
        final String tooLong = "x".repeat(LineReader.MAX_LINE + 1);
        try (LineReader reader = reader("a\n" + tooLong + "\n" + "y".repeat(LineReader.MAX_LINE) + "\nb"))
        {
            assertThat(reader.next()).isEqualTo(LineReader.LINE);
            assertThat(reader.isTooLong()).isFalse();
            assertThat(reader.next()).isEqualTo(LineReader.LINE);
            assertThat(reader.isTooLong()).isTrue();
            assertThat(reader.next()).isEqualTo(LineReader.LINE);
            assertThat(reader.isTooLong()).isFalse();
            assertThat(read(reader)).containsExactly("4:b");
        }
    }

    @Property(tries = 200)
    void shouldReadTheSameFromAStreamThatBlocksAndGivesLittleAtATime(
        @ForAll @StringLength(max = 300) @CharRange(from = '\n', to = '\r') final String text,
        @ForAll @IntRange(min = 1, max = 7) final int chunk)
        throws IOException
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final InputStream trickle = new ByteArrayInputStream(bytes)
        {
            @Override
            public synchronized int read(final byte[] target, final int offset, final int length)
            {
                return super.read(target, offset, Math.min(chunk, length));
            }
        };
        final CRC32C crc = new CRC32C();
        crc.update(bytes);

        try (LineReader reader = new LineReader(trickle, true); LineReader whole = reader(text))
        {
            assertThat(read(reader)).isEqualTo(read(whole));
            assertThat(reader.offset()).isEqualTo(bytes.length);
            assertThat(reader.checksum()).isEqualTo(crc.getValue()).isEqualTo(whole.checksum());
        }
    }

    private static LineReader reader(final String text)
    {
        return new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), false);
    }

    private static List<String> read(final LineReader reader) throws IOException
    {
        final List<String> lines = new ArrayList<>();
        for (int step = reader.next(); step != LineReader.END; step = reader.next())
        {
            if (step == LineReader.LINE)
            {
                lines.add(reader.number() + ":" + new String(
                    Arrays.copyOfRange(reader.line(), reader.start(), reader.end()), StandardCharsets.UTF_8));
            }
            else
            {
                Thread.onSpinWait();
            }
        }
        return lines;
    }
}
