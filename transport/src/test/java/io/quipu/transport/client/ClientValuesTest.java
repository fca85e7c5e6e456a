package io.quipu.transport.client;

import io.quipu.codecs.egress.AckReached;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClientValuesTest
{
    @Test
    void shouldReadColumnsAsPeopleWriteThem()
    {
        final BoardDefinition definition = BoardDefinition.named("b").columns("points, time:asc,a:b:desc");
        assertThat(definition.columnList()).isEqualTo("points:desc,time:asc,a:b:desc");
        assertThat(BoardDefinition.named("b").columnList()).isEqualTo("score:desc");
        assertThatThrownBy(() -> definition.columns("points:up"))
            .isInstanceOf(IllegalArgumentException.class).hasMessage("column=points:up: the direction is desc or asc");
    }

    @Test
    void shouldNameTheWrongValueOfAContext()
    {
        wrong("engine=localhost", new ClientContext().engine("localhost"));
        wrong("engine=:7400", new ClientContext().engine(":7400"));
        wrong("engine=null", new ClientContext().engine(null));
        wrong("port of engine=localhost:65535=65535", new ClientContext().engine("localhost:65535"));
        wrong("connectTimeoutNs=0", new ClientContext().connectTimeoutNs(0));
        wrong("silenceTimeoutNs=1000", new ClientContext().silenceTimeoutNs(1000));
        wrong("queuedBytes=10", new ClientContext().queuedBytes(10));
        wrong("queuedRequests=0", new ClientContext().queuedRequests(0));
        wrong("coalesceNs=-1", new ClientContext().coalesceNs(-1));
    }

    @Test
    void shouldConcludeAContextOnce()
    {
        final ClientContext context = new ClientContext().conclude();
        assertThatThrownBy(context::conclude).isInstanceOf(IllegalStateException.class);
        context.clone().conclude();
    }

    @Test
    void shouldCopyRowsAndRanges()
    {
        final List<String> list = new ArrayList<>(List.of("a"));
        final Rows<String> rows = new Rows<>(list, 7, 2, AckReached.JOURNALED);
        list.add("b");
        assertThat(rows).containsExactly("a");
        assertThat(rows.sequence()).isEqualTo(7);

        final long[] columns = {1, 2};
        final ScoreRange range = ScoreRange.all().from(columns).fromExclusive();
        columns[0] = 5;
        assertThat(range.fromColumn(0)).isEqualTo(1);
        assertThat(range.fromColumns()).isEqualTo(2);
        assertThat(range.isFromInclusive()).isFalse();
        assertThat(range.toColumns()).isZero();
        assertThatThrownBy(() -> range.to(1, 2, 3, 4, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void wrong(final String message, final ClientContext context)
    {
        assertThatThrownBy(context::conclude)
            .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
