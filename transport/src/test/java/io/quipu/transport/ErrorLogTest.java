package io.quipu.transport;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorLogTest
{
    @Test
    void shouldCountAllAndLogAFewLinesOfOneLineEach()
    {
        final TransportGauges gauges = new TransportGauges();
        final List<String> log = new ArrayList<>();
        final ErrorLog errorLog = new ErrorLog(gauges, log::add);
        for (int i = 0; i < 1000; i++)
        {
            errorLog.onError(new IllegalStateException("first line\nsecond line"));
        }
        errorLog.onError(new IllegalStateException());
        assertThat(gauges.driverErrors).isEqualTo(1001);
        // Two intervals, when the clock happens to pass from one to the next.
        assertThat(log).hasSizeBetween(10, 20).allMatch("transport: first line"::equals);
    }
}
