package io.quipu.engine.cli;

import io.quipu.transport.client.Standing;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PrintableTest
{
    @Test
    void shouldShowControlCharactersInsteadOfObeyingThem()
    {
        assertThat(Printable.of("\u001b[2Jx\n\u009b\u202e")).isEqualTo("\\u001b[2Jx\\u000a\\u009b\\u202e");
        assertThat(Printable.of("Österreichische Bundesliga 選手")).isEqualTo("Österreichische Bundesliga 選手");
    }

    @Property
    void shouldFitAnyNameIntoAnyWidth(@ForAll final String name, @ForAll @IntRange(min = 1, max = 40) final int width)
    {
        final String text = Printable.of(name);

        assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
        assertThat(Printable.width(Printable.fit(text, width))).isLessThanOrEqualTo(width);
    }

    @Test
    void shouldLineUpColumnsByWhatATerminalShows()
    {
        final List<String> lines = new TextTable().words("member").numbers("points")
            .row("選手", 7).row("Leicester City", -81).row("e\u0301", 123_456_789).lines();

        assertThat(lines).containsExactly(
            "member             points",
            "選手                    7",
            "Leicester City        -81",
            "e\u0301               123456789");
    }

    @Property(tries = 300)
    void shouldNeverDrawABoardWiderThanTheTerminal(
        @ForAll @Size(max = 30) final List<String> members,
        @ForAll @Size(min = 1, max = 4) final List<Long> score,
        @ForAll final String board,
        @ForAll @IntRange(min = 20, max = 120) final int width,
        @ForAll @IntRange(min = 5, max = 40) final int height)
    {
        final List<String> columns = new ArrayList<>();
        score.forEach(column -> columns.add("column" + columns.size()));
        final BoardScreen screen = new BoardScreen(board, columns);
        final List<Standing> rows = new ArrayList<>();
        members.forEach(member -> rows.add(new Standing(rows.size() + 1, 1, 1, member, longs(score))));
        screen.update(rows, rows.size());
        final List<Standing> reversed = new ArrayList<>(rows);
        java.util.Collections.reverse(reversed);
        screen.update(reversed, rows.size());

        final List<AttributedString> lines = screen.lines(width, height, "status of any length ".repeat(10));

        assertThat(lines).allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(width));
        assertThat(lines.size()).isLessThanOrEqualTo(Math.max(height, 5));
    }

    @Test
    void shouldShowWhatMoved()
    {
        final BoardScreen screen = new BoardScreen("epl", List.of("points"));
        screen.update(List.of(standing(1, "Arsenal", 3), standing(2, "Leicester City", 1)), 2);
        screen.update(List.of(standing(1, "Leicester City", 4), standing(2, "Arsenal", 3), standing(3, "Norwich", 0)), 3);

        final List<String> lines = screen.lines(80, 24, "live").stream().map(line -> line.toString().stripTrailing()).toList();

        assertThat(lines).containsExactly(
            "epl                                                                    3 members",
            "  rank     member          points",
            "     1 ▲1  Leicester City       4",
            "     2 ▼1  Arsenal              3",
            "     3 new Norwich              0",
            "",
            "live");
    }

    private static Standing standing(final long rank, final String member, final long... score)
    {
        return new Standing(rank, rank, rank, member, score);
    }

    private static long[] longs(final List<Long> values)
    {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
