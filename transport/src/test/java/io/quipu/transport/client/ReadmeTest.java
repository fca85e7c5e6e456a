package io.quipu.transport.client;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest
{
    private static final Path MODULE = Path.of(System.getProperty("quipu.root"), "transport");

    @Test
    void shouldShowTheExampleAsItIs() throws IOException
    {
        final String example = Files.readString(MODULE.resolve("src/example/CountViews.java"));
        assertThat(Files.readString(MODULE.resolve("README.md"))).contains("```java\n" + example + "```");
        assertThat(example.lines()).hasSizeLessThanOrEqualTo(10);
    }
}
