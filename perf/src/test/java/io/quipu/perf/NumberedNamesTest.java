package io.quipu.perf;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;

import static org.assertj.core.api.Assertions.assertThat;

class NumberedNamesTest
{
    private final NumberedNames names = new NumberedNames("counter:");

    @Property(tries = 300)
    void shouldWriteTheDigitsOfAnyNumber(@ForAll @IntRange(min = 0) final int number)
    {
        assertThat(names.name(number)).isEqualTo(String.format("counter:%012d", number));
    }

    @Property(tries = 100)
    void shouldRewriteOnlyTheDigits(
        @ForAll @IntRange(min = 0, max = 99_999_999) final int number, @ForAll @IntRange(min = 0, max = 9) final int offset)
    {
        final NumberedNames ids = new NumberedNames("", 8);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32]);
        buffer.setMemory(0, 32, (byte)'.');
        ids.rewrite(buffer, offset, number);

        assertThat(buffer.getStringWithoutLengthAscii(0, 32))
            .isEqualTo(".".repeat(offset) + String.format("%08d", number) + ".".repeat(24 - offset));
    }
}
