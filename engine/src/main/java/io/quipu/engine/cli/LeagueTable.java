package io.quipu.engine.cli;

import io.quipu.engine.cli.FootballResults.Match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of one season of one division, worked out on plain maps: what the engine's board must say. Points, then
 * goal difference, then goals for; among equals whoever got there first.
 */
final class LeagueTable
{
    private static final int WIN = 3;
    private static final int DRAW = 1;

    private static final Comparator<Row> ORDER = Comparator.comparingLong(Row::points).reversed()
        .thenComparing(Comparator.comparingLong(Row::diff).reversed())
        .thenComparing(Comparator.comparingLong(Row::goalsFor).reversed())
        .thenComparingLong(row -> row.changedAt);

    private final String division;
    private final String season;
    private final Map<String, Row> rows = new HashMap<>();
    private long changes;

    /** One team. */
    static final class Row
    {
        private final String team;
        private long points;
        private long diff;
        private long goalsFor;
        private long changedAt;

        private Row(final String team)
        {
            this.team = team;
        }

        String team()
        {
            return team;
        }

        long points()
        {
            return points;
        }

        long diff()
        {
            return diff;
        }

        long goalsFor()
        {
            return goalsFor;
        }
    }

    LeagueTable(final String division, final String season)
    {
        this.division = division;
        this.season = season;
    }

    String division()
    {
        return division;
    }

    String season()
    {
        return season;
    }

    /** Points of a team that scored {@code own} against {@code other}. */
    static long points(final int own, final int other)
    {
        return own > other ? WIN : own == other ? DRAW : 0;
    }

    /** Counts a match of this division and season; one without a score counts nothing. */
    void play(final Match match)
    {
        if (match.hasScore())
        {
            count(match.home(), match.homeGoals(), match.awayGoals());
            count(match.away(), match.awayGoals(), match.homeGoals());
        }
    }

    /** Rows from the first to the last. */
    List<Row> standings()
    {
        final List<Row> standings = new ArrayList<>(rows.values());
        standings.sort(ORDER);
        return standings;
    }

    private void count(final String team, final int own, final int other)
    {
        final Row row = rows.computeIfAbsent(team, Row::new);
        row.points += points(own, other);
        row.diff += own - other;
        row.goalsFor += own;
        row.changedAt = ++changes;
    }
}
