package io.quipu.engine.cli;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;

/**
 * The football results that the demo counts: the resource {@code football.csv}, whose head names its source and
 * licence, in the order of the dates.
 */
final class FootballResults
{
    private static final String RESOURCE = "football.csv";
    private static final CSVFormat FORMAT =
        CSVFormat.RFC4180.builder().setCommentMarker('#').setHeader().setSkipHeaderRecord(true).get();

    private static final int YEARS_SHOWN = 100;

    /**
     * One match.
     *
     * @param date      of the match.
     * @param division  league, as written in the source.
     * @param home      team.
     * @param away      team.
     * @param homeGoals or {@link #NO_SCORE}.
     * @param awayGoals or {@link #NO_SCORE}.
     */
    record Match(LocalDate date, String division, String home, String away, int homeGoals, int awayGoals)
    {
        static final int NO_SCORE = -1;

        boolean hasScore()
        {
            return homeGoals != NO_SCORE && awayGoals != NO_SCORE;
        }

        /** July to June, as {@code 2015-16}. */
        String season()
        {
            final int year = date.getMonthValue() >= Month.JULY.getValue() ? date.getYear() : date.getYear() - 1;
            return String.format("%d-%02d", year, (year + 1) % YEARS_SHOWN);
        }

        @Override
        public String toString()
        {
            return date + " " + division + ": " + home + " - " + away;
        }
    }

    private FootballResults()
    {
    }

    /**
     * Reads all of them.
     *
     * @return matches in the order of their dates, those without a score included.
     * @throws IOException when the resource cannot be read.
     */
    static List<Match> load() throws IOException
    {
        final List<Match> matches = new ArrayList<>();
        try (InputStream in = FootballResults.class.getResourceAsStream(RESOURCE))
        {
            if (in == null)
            {
                throw new IOException("resource " + RESOURCE + " is not on the class path");
            }
            try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8))
            {
                for (final CSVRecord row : FORMAT.parse(reader))
                {
                    matches.add(new Match(
                        LocalDate.parse(row.get("date")), row.get("division"), row.get("home"), row.get("away"),
                        goals(row.get("home_score")), goals(row.get("away_score"))));
                }
            }
        }
        return matches;
    }

    private static int goals(final String text)
    {
        return text.isEmpty() ? Match.NO_SCORE : Integer.parseInt(text);
    }
}
