package io.quipu.codecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Stored bytes of each version, one frame of every template: what was once sent stays readable, what is sent now stays the
 * same. {@code golden/*.txt} has a line {@code name: hex} a frame; a new version adds a file, none is ever changed.
 */
class GoldenFramesTest
{
    @Test
    void shouldEncodeAndAcceptTheStoredBytes()
    {
        assertThat(hex(Samples.ingress())).isEqualTo(stored("ingress-0"));
        assertThat(hex(Samples.egress())).isEqualTo(stored("egress-0"));
        assertThat(hex(Samples.feed())).isEqualTo(stored("feed-0"));
        assertThat(hex(Samples.storage())).isEqualTo(stored("storage-1"));
    }

    @Test
    void shouldAcceptTheStoredBodies()
    {
        for (final String version : new String[]{ "storage-0", "storage-1" })
        {
            final Map<String, String> bodies = stored(version);
            final byte[] entries = HexFormat.of().parseHex(bodies.get("Entries"));
            assertThat(FrameValidator.validateEntries(Bytes.exactly(entries), 0, entries.length, 9))
                .isEqualTo(FrameValidator.OK);
            final byte[] epoch = HexFormat.of().parseHex(bodies.get("Epoch"));
            assertThat(FrameValidator.validateEpoch(Bytes.exactly(epoch), 0, epoch.length))
                .isEqualTo(FrameValidator.OK);
        }
    }

    private static Map<String, String> hex(final Map<String, byte[]> frames)
    {
        final Map<String, String> lines = new LinkedHashMap<>();
        frames.forEach((name, frame) -> lines.put(name, HexFormat.of().formatHex(frame)));
        return lines;
    }

    private static Map<String, String> stored(final String name)
    {
        final Map<String, String> lines = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            GoldenFramesTest.class.getResourceAsStream("/golden/" + name + ".txt"), UTF_8)))
        {
            reader.lines().forEach((line) -> lines.put(line.split(": ")[0], line.split(": ")[1]));
        }
        catch (final IOException e)
        {
            throw new IllegalStateException(e);
        }
        return lines;
    }
}
