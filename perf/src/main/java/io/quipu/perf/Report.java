package io.quipu.perf;

import io.quipu.engine.cli.VerbException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogWriter;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

import java.awt.Color;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured as an HTML page with plots: latency by percentile, cost by size, and every figure with its goal
 * and its conditions. Beside it each histogram as HdrHistogram writes it.
 * <pre>
 *   DIR/index.html, percentiles.png, cost.png, WORK.hgrm (percentiles in us), WORK.hlog (the histogram itself, in ns)
 * </pre>
 */
final class Report
{
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;
    private static final int MARKER = 5;
    private static final int TICKS_A_HALF_DISTANCE = 5;
    private static final double NS_A_US = 1_000;

    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Quipu: measured</title><style>
        body{font-family:sans-serif;margin:2em auto;max-width:64em;color:#222}
        table{border-collapse:collapse;font-size:.9em}
        td,th{border:1px solid #ddd;padding:.25em .7em;text-align:left;vertical-align:top}
        th{background:#f4f4f4}
        h2{margin-top:2em;font-size:1.15em}
        img{max-width:100%}
        </style></head><body>
        <h1>Quipu: measured</h1>
        """;

    private final Path dir;

    /**
     * Draws a point, so that a JVM that cannot draw is found before anything is measured.
     *
     * @param dir is made when missing.
     */
    Report(final Path dir) throws IOException
    {
        this.dir = Files.createDirectories(dir);
        System.setProperty("java.awt.headless", "true");
        try
        {
            final XYChart chart = chart("a", "b", "c");
            chart.addSeries("point", new double[]{1}, new double[]{1});
            BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG);
        }
        catch (final RuntimeException | LinkageError ex)
        {
            throw VerbException.refused(
                "NO_PLOTS", "--report: this JVM cannot draw (" + ex + "): apt-get install fontconfig fonts-dejavu-core");
        }
    }

    void write(final List<Outcome> outcomes) throws IOException
    {
        final List<String> images = new ArrayList<>();
        if (outcomes.stream().anyMatch((outcome) -> !outcome.histogramsNs().isEmpty()))
        {
            percentiles(outcomes);
            images.add("percentiles.png");
        }
        if (outcomes.stream().anyMatch((outcome) -> !outcome.costs().isEmpty()))
        {
            costs(outcomes);
            images.add("cost.png");
        }
        for (final Outcome outcome : outcomes)
        {
            for (final Map.Entry<String, Histogram> histogram : outcome.histogramsNs().entrySet())
            {
                raw(histogram.getKey(), histogram.getValue());
            }
        }
        Files.writeString(dir.resolve("index.html"), html(outcomes, images), StandardCharsets.UTF_8);
    }

    private void percentiles(final List<Outcome> outcomes) throws IOException
    {
        final XYChart chart = chart("Latency by percentile", "10: p90, 100: p99, 1,000: p99.9, 10,000: p99.99", "us");
        for (final Outcome outcome : outcomes)
        {
            outcome.histogramsNs().forEach((name, histogram) ->
            {
                final List<Double> x = new ArrayList<>();
                final List<Double> y = new ArrayList<>();
                for (final HistogramIterationValue value : histogram.percentiles(TICKS_A_HALF_DISTANCE))
                {
                    if (value.getPercentileLevelIteratedTo() < 100 && value.getValueIteratedTo() > 0)
                    {
                        x.add(100 / (100 - value.getPercentileLevelIteratedTo()));
                        y.add(value.getValueIteratedTo() / NS_A_US);
                    }
                }
                chart.addSeries(name, x, y);
            });
        }
        save(chart, "percentiles.png");
    }

    private void costs(final List<Outcome> outcomes) throws IOException
    {
        final XYChart chart = chart("Cost by size", "names", "ns a command");
        final Map<String, List<Outcome.Cost>> curves = new LinkedHashMap<>();
        outcomes.forEach((outcome) -> outcome.costs().forEach(
            (cost) -> curves.computeIfAbsent(cost.curve(), (name) -> new ArrayList<>()).add(cost)));
        curves.forEach((name, points) -> chart.addSeries(
            name,
            points.stream().mapToDouble(Outcome.Cost::names).toArray(),
            points.stream().mapToDouble(Outcome.Cost::nsPerCommand).toArray()));
        save(chart, "cost.png");
    }

    private static XYChart chart(final String title, final String x, final String y)
    {
        final XYChart chart = new XYChartBuilder()
            .width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x).yAxisTitle(y).build();
        chart.getStyler()
            .setXAxisLogarithmic(true)
            .setYAxisLogarithmic(true)
            .setLegendPosition(Styler.LegendPosition.OutsideE)
            .setChartBackgroundColor(Color.WHITE)
            .setPlotBorderVisible(false)
            .setMarkerSize(MARKER);
        return chart;
    }

    private void save(final XYChart chart, final String name) throws IOException
    {
        Files.write(dir.resolve(name), BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG));
    }

    private void raw(final String name, final Histogram histogram) throws IOException
    {
        try (PrintStream stream = new PrintStream(
            Files.newOutputStream(dir.resolve(file(name) + ".hgrm")), false, StandardCharsets.UTF_8))
        {
            histogram.outputPercentileDistribution(stream, TICKS_A_HALF_DISTANCE, NS_A_US);
        }
        final HistogramLogWriter log = new HistogramLogWriter(dir.resolve(file(name) + ".hlog").toFile());
        log.outputLogFormatVersion();
        log.outputLegend();
        log.outputIntervalHistogram(histogram);
        log.close();
    }

    private static String html(final List<Outcome> outcomes, final List<String> images)
    {
        final StringBuilder page = new StringBuilder(HEAD);
        if (!outcomes.isEmpty())
        {
            conditions(page, outcomes.get(0), true);
        }
        page.append("<h2>Figures</h2>\n<table><tr><th>id</th><th>figure</th><th>measured</th><th>unit</th>" +
            "<th>goal</th><th>reached</th></tr>\n");
        for (final Outcome outcome : outcomes)
        {
            for (final Figure figure : outcome.allFigures())
            {
                page.append("<tr>");
                OutcomeWriter.cells(outcome, figure).forEach(
                    (cell) -> page.append("<td>").append(escaped(cell)).append("</td>"));
                page.append("</tr>\n");
            }
        }
        page.append("</table>\n");
        images.forEach((image) -> page.append("<p><img src=\"").append(image).append("\" alt=\"plot\"></p>\n"));
        for (final Outcome outcome : outcomes)
        {
            page.append("<h2>").append(outcome.target().id()).append(": ").append(escaped(outcome.target().title()))
                .append("</h2>\n");
            conditions(page, outcome, false);
            outcome.histogramsNs().keySet().forEach((name) -> page.append("<p>").append(escaped(name))
                .append(": <a href=\"").append(file(name)).append(".hgrm\">percentiles</a>, <a href=\"")
                .append(file(name)).append(".hlog\">histogram</a></p>\n"));
        }
        return page.append("</body></html>\n").toString();
    }

    /** Those that all targets share stand once, at the top. */
    private static void conditions(final StringBuilder page, final Outcome outcome, final boolean shared)
    {
        page.append("<table>\n");
        outcome.conditions().forEach((name, value) ->
        {
            if (BenchPlan.SHARED.contains(name) == shared)
            {
                final String text =
                    value instanceof Number number ? OutcomeWriter.number(number.doubleValue()) : String.valueOf(value);
                page.append("<tr><td>").append(escaped(name)).append("</td><td>").append(escaped(text)).append("</td></tr>\n");
            }
        });
        page.append("</table>\n");
    }

    private static String file(final String name)
    {
        return name.replaceAll("[^A-Za-z0-9]+", "-");
    }

    private static String escaped(final String text)
    {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
