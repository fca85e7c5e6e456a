package io.quipu.transport;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionIdTest
{
    @Test
    void shouldKeepSlotAndGenerationAndStayPositive()
    {
        int generation = 0;
        for (int i = 0; i < 1000; i++)
        {
            generation = ConnectionId.nextGeneration(generation);
            final int id = ConnectionId.of(255, generation);
            assertThat(id).isPositive();
            assertThat(ConnectionId.slot(id)).isEqualTo(255);
            assertThat(ConnectionId.generation(id)).isEqualTo(generation);
        }
        final int last = (1 << 23) - 1;
        assertThat(ConnectionId.of(255, last)).isPositive();
        assertThat(ConnectionId.nextGeneration(last)).isEqualTo(1);
        assertThat(ConnectionId.of(0, 1)).isNotEqualTo(ConnectionId.NULL_VALUE);
    }
}
