package io.quipu.perf;

import io.quipu.codecs.ingress.Ack;
import io.quipu.engine.cli.VerbException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RedisTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldSayHowToInstallRedisWhenItIsMissing()
    {
        assertThatThrownBy(() -> RedisServer.requireInstalled(dir.toString()))
            .isInstanceOf(VerbException.class)
            .hasMessageContaining("apt-get install redis-server");
    }

    @Test
    void shouldRunTheCommandLinesOfTheIssue()
    {
        assertThat(String.join(" ", EndToEnd.redisArguments(BenchTarget.E1, 10_000_000, Ack.JOURNALED)))
            .isEqualTo("-t incr -r 10000000 -n 10000000 -P 64 -c 16");
        assertThat(String.join(" ", EndToEnd.redisArguments(BenchTarget.F, 10_000_000, Ack.JOURNALED)))
            .isEqualTo("-r 10000000 -n 2000000 -P 64 -c 16 ZINCRBY board 1 member:__rand_int__");
        assertThat(String.join(" ", EndToEnd.redisArguments(BenchTarget.G, 10_000_000, Ack.JOURNALED)))
            .isEqualTo("-t incr -r 10000000 -n 200000 -P 1 -c 1");
    }

    @Test
    void shouldReadTheSummaryOfRedisBenchmark()
    {
        final RedisReport report = RedisReport.parse(
            "Summary:\n  throughput summary: 770461.50 requests per second\n  latency summary (msec):\n" +
            "          avg       min       p50       p95       p99       max\n" +
            "        1.097     0.208     1.007     1.975     3.599     3.655\n");

        assertThat(report.requestsPerSecond()).isEqualTo(770461.50);
        assertThat(report.p50Us()).isCloseTo(1007, within(1e-6));
        assertThat(report.p99Us()).isCloseTo(3599, within(1e-6));
        assertThatThrownBy(() -> RedisReport.parse("Could not connect")).hasMessageContaining("Could not connect");
    }

    @Test
    void shouldFillTheCountersThatRedisBenchmarkDraws() throws IOException
    {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        RedisPrefill.counters(stream, 12_345);

        final String[] commands = stream.toString(StandardCharsets.US_ASCII).split("(?=\\*3\r\n)");
        assertThat(commands).hasSize(12_345);
        assertThat(commands[0]).isEqualTo("*3\r\n$3\r\nSET\r\n$20\r\ncounter:000000000000\r\n$1\r\n1\r\n");
        assertThat(commands[12_344]).contains("counter:000000012344");
    }

    @Test
    void shouldFillEachMemberOnceInTheOrderOfScores() throws IOException
    {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        RedisPrefill.members(stream, 250, 7);

        final String text = stream.toString(StandardCharsets.US_ASCII);
        final Matcher members = Pattern.compile("\\$\\d+\r\n(\\d+)\r\n\\$19\r\n(member:0000000\\d{5})\r\n").matcher(text);
        final Set<String> seen = new HashSet<>();
        long last = 0;
        while (members.find())
        {
            assertThat(Long.parseLong(members.group(1))).isGreaterThanOrEqualTo(last);
            last = Long.parseLong(members.group(1));
            seen.add(members.group(2));
        }
        assertThat(seen).hasSize(250).contains("member:000000000000", "member:000000000249");
        assertThat(text.split("ZADD", -1)).hasSize(1 + (int)RedisPrefill.memberCommands(250));
    }
}
