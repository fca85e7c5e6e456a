package io.quipu.perf;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldWritePageAndPlotsAndRawHistograms() throws IOException
    {
        final Histogram latencyNs = new Histogram(LoadGenerator.HIGHEST_NS, 3);
        for (int i = 1; i <= 10_000; i++)
        {
            latencyNs.recordValue(i * 1_000L);
        }
        final Outcome outcome = new Outcome(BenchTarget.G)
            .figure(Figure.atMost("p50", 5_000, "us", 10))
            .condition("note", "a < b & c")
            .histogram("g request", latencyNs)
            .cost("a addByHandle", 1_000, 20)
            .cost("a addByHandle", 1_000_000, 80);

        new Report(dir).write(List.of(outcome));

        assertThat(Files.readString(dir.resolve("index.html")))
            .contains("<td>5,000</td>", "at most 10", "a &lt; b &amp; c", "percentiles.png", "cost.png");
        assertThat(dir.resolve("percentiles.png")).isNotEmptyFile();
        assertThat(dir.resolve("cost.png")).isNotEmptyFile();
        assertThat(Files.readString(dir.resolve("g-request.hgrm"))).contains("0.500000000000");
        final Histogram read =
            (Histogram)new HistogramLogReader(dir.resolve("g-request.hlog").toFile()).nextIntervalHistogram();
        assertThat(read.getTotalCount()).isEqualTo(10_000);
    }
}
