package io.quipu.engine.cli;

import io.quipu.engine.cli.FootballResults.Match;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class FootballResultsTest
{
    @Test
    void shouldHoldAllResultsInTheOrderOfTheirDates() throws IOException
    {
        final List<Match> matches = FootballResults.load();

        assertThat(matches).hasSize(6_508).isSortedAccordingTo(Comparator.comparing(Match::date));
        assertThat(matches).filteredOn(match -> !match.hasScore()).extracting(Match::toString).containsExactly(
            "2016-04-30 English Premier League: Aston Villa - Newcastle United",
            "2016-05-01 Serie A: Verona - Frosinone",
            "2016-05-08 Serie A: Palermo - Carpi",
            "2016-05-15 Serie A: Carpi - Frosinone");
        assertThat(matches.stream().map(match -> match.division() + match.season()).distinct()).hasSize(20);
    }

    @Test
    void shouldBeginASeasonInJuly() throws IOException
    {
        final Map<String, Long> matchesBySeason = FootballResults.load().stream()
            .collect(Collectors.groupingBy(Match::season, Collectors.counting()));

        assertThat(matchesBySeason).containsOnlyKeys("2013-14", "2014-15", "2015-16", "2016-17");
    }

    /** Points, difference and goals as the leagues themselves reported them. */
    @Test
    void shouldGiveTheTablesThatEverybodyKnows() throws IOException
    {
        final Map<String, LeagueTable> tables = tables();

        assertThat(rows(tables.get("English Premier League 2015-16")).subList(0, 5)).containsExactly(
            "Leicester City 81 32 68", "Arsenal 71 29 65", "Tottenham Hotspur 70 34 69", "Manchester City 66 30 71",
            "Manchester United 66 14 49");
        assertThat(rows(tables.get("Deutsche Bundesliga 2013-14")).get(0)).isEqualTo("FC Bayern Munchen 90 71 94");
        assertThat(rows(tables.get("Primera Division 2014-15")).get(0)).isEqualTo("Barcelona 94 89 110");
        assertThat(rows(tables.get("Serie A 2013-14")).get(0)).isEqualTo("Juventus 102 57 80");
    }

    /** A second way to the same tables, from the text of the resource. */
    @Test
    void shouldAgreeWithSumsOverTheTextOfTheResource() throws IOException
    {
        final Map<String, Map<String, long[]>> sums = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            FootballResults.class.getResourceAsStream("football.csv"), StandardCharsets.UTF_8)))
        {
            reader.lines().filter(line -> line.matches("\\d{4}-.*\\d")).map(line -> line.split(",")).forEach(
                (cells) ->
                {
                    final int year = Integer.parseInt(cells[0].substring(0, 4)) -
                        (cells[0].substring(5, 7).compareTo("07") < 0 ? 1 : 0);
                    final Map<String, long[]> table = sums.computeIfAbsent(
                        cells[1] + ' ' + year + '-' + (year - 1999), key -> new LinkedHashMap<>());
                    final long home = Long.parseLong(cells[4]);
                    final long away = Long.parseLong(cells[5]);
                    sum(table, cells[2], home, away);
                    sum(table, cells[3], away, home);
                });
        }

        final Map<String, LeagueTable> tables = tables();
        assertThat(tables.keySet()).isEqualTo(sums.keySet());
        sums.forEach((name, table) -> assertThat(rows(tables.get(name))).as(name).containsExactlyElementsOf(
            table.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getValue, (a, b) -> java.util.Arrays.compare(b, a)))
                .map(row -> row.getKey() + ' ' + row.getValue()[0] + ' ' + row.getValue()[1] + ' ' + row.getValue()[2])
                .toList()));
    }

    private static void sum(final Map<String, long[]> table, final String team, final long own, final long other)
    {
        final long[] row = table.computeIfAbsent(team, key -> new long[3]);
        row[0] += own > other ? 3 : own == other ? 1 : 0;
        row[1] += own - other;
        row[2] += own;
    }

    private static Map<String, LeagueTable> tables() throws IOException
    {
        final Map<String, LeagueTable> tables = new LinkedHashMap<>();
        for (final Match match : FootballResults.load())
        {
            tables.computeIfAbsent(
                match.division() + ' ' + match.season(), key -> new LeagueTable(match.division(), match.season())).play(match);
        }
        return tables;
    }

    private static List<String> rows(final LeagueTable table)
    {
        return table.standings().stream()
            .map(row -> row.team() + ' ' + row.points() + ' ' + row.diff() + ' ' + row.goalsFor()).toList();
    }
}
