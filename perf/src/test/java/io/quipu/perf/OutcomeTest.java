package io.quipu.perf;

import io.quipu.engine.cli.Output;
import io.quipu.engine.cli.VerbException;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OutcomeTest
{
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void shouldWriteOneObjectForATarget()
    {
        new OutcomeWriter(new Output(stream, stream, true, false)).write(outcome());

        assertThat(written()).isEqualTo(
            "{\"target\":\"g\",\"work\":\"" + BenchTarget.G.title() + "\",\"figure\":\"p50\",\"value\":9.5,\"unit\":\"us\"," +
            "\"goal\":10,\"reached\":false,\"peer\":\"Redis INCR p50, us\",\"peerValue\":31,\"ratio\":0.306,\"ratioGoal\":0.5," +
            "\"figures\":[{\"figure\":\"p50\",\"value\":9.5,\"unit\":\"us\",\"goal\":10,\"reached\":true}," +
            "{\"figure\":\"p99\",\"value\":31,\"unit\":\"us\",\"goal\":30,\"reached\":false}]," +
            "\"names\":1000,\"ack\":\"journaled\"}\n");
    }

    @Test
    void shouldWriteATableOfAllFigures()
    {
        new OutcomeWriter(new Output(stream, stream, false, false)).table(List.of(outcome()));

        assertThat(written()).contains("g   p50", "at most 10", "yes").contains("p99", "at most 30", "no")
            .contains("part of Redis");
    }

    @Test
    void shouldJudgeWithTheGoal()
    {
        assertThat(Figure.atLeast("rate", 5, "/s", 5).reached()).isTrue();
        assertThat(Figure.atLeast("rate", 4.9, "/s", 5).reached()).isFalse();
        assertThat(Figure.atMost("p50", 5.1, "us", 5).reached()).isFalse();
        assertThat(Figure.of("p50", 5.1, "us").reached()).isTrue();
    }

    @Test
    void shouldTakeTheMiddleOfTheRounds()
    {
        assertThat(Medians.of(List.of(9.0, 1.0, 3.0), Double::doubleValue)).isEqualTo(3);
        assertThat(Medians.of(List.of(9.0, 1.0), Double::doubleValue)).isEqualTo(5);
    }

    @Test
    void shouldReadSizesAndTargets()
    {
        assertThat(BenchVerb.names("10M")).isEqualTo(10_000_000);
        assertThat(BenchVerb.names("250k")).isEqualTo(250_000);
        assertThat(BenchPlan.size(10_000_000)).isEqualTo("10M");
        assertThatThrownBy(() -> BenchVerb.names("1G")).isInstanceOf(VerbException.class).hasMessageContaining("--size=1G");
        assertThat(BenchTarget.of(List.of("e1", " g", "e1"))).containsExactly(BenchTarget.E1, BenchTarget.G);
        assertThat(BenchTarget.of(List.of("all"))).containsExactly(BenchTarget.values());
        assertThatThrownBy(() -> BenchTarget.of(List.of("z"))).hasMessageContaining("--targets=z").hasMessageContaining("c1");
    }

    @Test
    void shouldReadWhatTheKernelCounts()
    {
        assertThat(ProcFiles.cpuNs("17 (a b) c) S 1 17 17 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 1 0 3 4 5"))
            .isEqualTo(3_000_000_000L);
        assertThat(ProcFiles.residentBytes(ProcessHandle.current().pid())).isPositive();
        assertThat(ProcFiles.cpuNs(ProcessHandle.current().pid())).isPositive();
    }

    private static Outcome outcome()
    {
        return new Outcome(BenchTarget.G)
            .figure(Figure.atMost("p50", 9.5, "us", 10))
            .figure(Figure.atMost("p99", 31, "us", 30))
            .beside("Redis INCR p50, us", 31, Figure.atMost("part of Redis", 9.5 / 31, "", 0.5))
            .condition("names", 1_000)
            .condition("ack", "journaled");
    }

    private String written()
    {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
