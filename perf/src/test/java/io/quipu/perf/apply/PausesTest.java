package io.quipu.perf.apply;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PausesTest
{
    private final Pauses pauses = new Pauses();

    private void round(final long... tookNs)
    {
        pauses.begin();
        for (final long ns : tookNs)
        {
            pauses.add(ns);
        }
    }

    @Test
    void shouldTellWhatComesAgainFromWhatHappensOnce()
    {
        round(2, 2, 3, 2, 9, 2, 2, 7, 2);
        round(2, 8, 2, 2, 2, 2, 2, 7, 2);
        round(2, 2, 3, 2, 2, 2, 2, 8, 2);

        assertThat(pauses.longestMedianNs()).isEqualTo(7);
        assertThat(pauses.longestNs()).isEqualTo(9);
        assertThat(pauses.steps()).isEqualTo(9);
    }

    @Test
    void shouldKeepTheLongestThatNoIntHolds()
    {
        round(5_000_000_000L);
        assertThat(pauses.longestNs()).isEqualTo(5_000_000_000L);
        assertThat(pauses.longestMedianNs()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldRefuseToCompareWorkThatDiffers()
    {
        round(1, 1);
        round(1, 1, 1);
        assertThatThrownBy(pauses::longestMedianNs).hasMessageContaining("not the same work");
    }
}
