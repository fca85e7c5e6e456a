package io.quipu.transport.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GatheringTest
{
    private final Gathering gathering = new Gathering(50, 1000);

    @Test
    void shouldSendAtOnceWithNothingUnderWay()
    {
        gathering.onTurn(1001, false);
        gathering.onSent(1001);
        gathering.onTurn(1002, false);
        assertThat(gathering.isOver()).isTrue();
    }

    @Test
    void shouldCountFromWhatWasSentLast()
    {
        gathering.onSent(2000);
        gathering.onTurn(2049, true);
        assertThat(gathering.isOver()).isFalse();
        gathering.onTurn(2050, true);
        assertThat(gathering.isOver()).isTrue();
        gathering.onSent(2050);
        gathering.onTurn(2099, true);
        assertThat(gathering.isOver()).isFalse();
    }
}
