package io.quipu.engine.cli;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class LineTokensTest
{
    private final LineTokens tokens = new LineTokens();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "add page:/home 1|add,page:/home,1",
        "  score\tepl  \"Leicester City\" 3;2;4 # the champion|score,epl,Leicester City,3;2;4",
        "add a#b|add,a#b",
        "add \"a # b\"|add,a # b",
        "add \"\"|add,",
        "add x\"y z\"w|add,xy zw",
        "add \"say \\\"hi\\\"\"|add,say \"hi\"",
        "add \"back\\\\slash\"|add,back\\slash",
        "add \"a\\b\" c\\d|add,a\\b,c\\d",
        "add Borussia M'gladbach|add,Borussia,M'gladbach",
        "# nothing|",
    })
    void shouldSplitAsAShellWould(final String line, final String expected)
    {
        final List<String> words = expected == null ? List.of() : Arrays.asList(expected.split(",", -1));

        assertThat(split(line)).isEqualTo(words);
    }

    @Test
    void shouldRefuseAQuoteThatIsNotClosed()
    {
        final byte[] line = "add \"Leicester".getBytes(StandardCharsets.UTF_8);

        assertThat(tokens.split(line, 0, line.length)).isFalse();
        assertThat(tokens.count()).isZero();
    }

    @Property
    void shouldGiveBackQuotedWordsOfAnyBytes(@ForAll("words") final List<byte[]> words)
    {
        final byte[] line = quoted(words);

        assertThat(tokens.split(line, 0, line.length)).isTrue();
        assertThat(tokens.count()).isEqualTo(words.size());
        for (int i = 0; i < words.size(); i++)
        {
            final byte[] word = Arrays.copyOfRange(
                tokens.bytes(), tokens.offset(i), tokens.offset(i) + tokens.length(i));
            assertThat(word).isEqualTo(words.get(i));
            assertThat(tokens.is(i, words.get(i))).isTrue();
        }
    }

    @Property
    void shouldNeverReadBeyondTheLine(@ForAll final byte[] bytes)
    {
        final byte[] padded = new byte[bytes.length + 2];
        Arrays.fill(padded, (byte)'"');
        System.arraycopy(bytes, 0, padded, 1, bytes.length);
        final LineTokens alone = new LineTokens();

        final boolean good = alone.split(bytes, 0, bytes.length);

        assertThat(tokens.split(padded, 1, padded.length - 1)).isEqualTo(good);
        assertThat(texts(tokens)).isEqualTo(texts(alone));
    }

    @Provide
    Arbitrary<List<byte[]>> words()
    {
        final Arbitrary<Byte> bytes = Arbitraries.oneOf(
            Arbitraries.bytes(), Arbitraries.of((byte)'"', (byte)'\\', (byte)' ', (byte)'#'));
        return bytes.array(byte[].class).ofMaxSize(150).list().ofMaxSize(20);
    }

    private List<String> split(final String line)
    {
        final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        assertThat(tokens.split(bytes, 0, bytes.length)).isTrue();
        return texts(tokens);
    }

    private static List<String> texts(final LineTokens tokens)
    {
        final List<String> texts = new ArrayList<>();
        for (int i = 0; i < tokens.count(); i++)
        {
            texts.add(tokens.text(i));
        }
        return texts;
    }

    private static byte[] quoted(final List<byte[]> words)
    {
        final StringBuilder line = new StringBuilder();
        for (final byte[] word : words)
        {
            final String text = new String(word, StandardCharsets.ISO_8859_1);
            line.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append("\" ");
        }
        return line.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
