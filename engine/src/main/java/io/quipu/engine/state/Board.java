package io.quipu.engine.state;

import io.quipu.codecs.ingress.Operator;
import io.quipu.codecs.ingress.Ties;

/**
 * A named ranking: its definition and the members ranked now. Changed by {@link Boards} alone; read through {@link Standings}.
 * The object speaks of a dropped board only as long as the current command runs: keep {@link #handle()}, not the object, over
 * commands. One thread.
 */
public final class Board
{
    private final BoardDefinition definition = new BoardDefinition();
    private final int columnCount;
    private final long[] flips = new long[BoardDefinition.MAX_COLUMNS];
    private final long tieFlip;
    private final boolean isTiedByName;
    private final int scoreOperator;
    private final long handle;
    private final int nameId;
    private final DigestPart definitionDigest = new DigestPart();
    private final DigestPart digest = new DigestPart();

    private Ranking ranking;

    /** The list of changed boards. */
    boolean isChanged;
    Board changedBefore;
    Board changedBehind;

    /**
     * A board that ranks nobody yet.
     *
     * @param handle     of it.
     * @param nameId     of its name.
     * @param definition is copied.
     */
    Board(final long handle, final int nameId, final BoardDefinition definition)
    {
        this.handle = handle;
        this.nameId = nameId;
        this.definition.copyFrom(definition);
        columnCount = definition.columnCount();
        scoreOperator = definition.scoreOperator();
        isTiedByName = definition.ties() == Ties.MEMBER.value();
        tieFlip = definition.ties() == Ties.LATEST.value() ? -1 : 0;
        for (int i = 0; i < BoardDefinition.MAX_COLUMNS; i++)
        {
            flips[i] = (definition.ascending() >>> i & 1) != 0 ? 0 : -1;
        }
    }

    public long handle()
    {
        return handle;
    }

    /**
     * Its name, as interned.
     *
     * @return id in the name table.
     */
    int nameId()
    {
        return nameId;
    }

    public BoardDefinition definition()
    {
        return definition;
    }

    /**
     * The members ranked now.
     *
     * @return their number.
     */
    public long memberCount()
    {
        return ranking.size();
    }

    int columnCount()
    {
        return columnCount;
    }

    boolean isTiedByName()
    {
        return isTiedByName;
    }

    Ranking ranking()
    {
        return ranking;
    }

    void ranking(final Ranking ranking)
    {
        this.ranking = ranking;
    }

    /**
     * Definition and members in the digest.
     *
     * @return the board's share of {@link Boards#digest()}, added up now.
     */
    DigestPart digest()
    {
        digest.clear();
        digest.add(definitionDigest);
        digest.add(ranking.digest());

        return digest;
    }

    /** The board's own entry in the digest, kept by {@link Boards}. */
    DigestPart definitionDigest()
    {
        return definitionDigest;
    }

    // ---- order: a key's word is the value or, where the greater is the better, its complement: it never overflows ----

    long toWord(final long value, final int column)
    {
        return value ^ flips[column];
    }

    long toValue(final long word, final int column)
    {
        return word ^ flips[column];
    }

    long toChangedAt(final long tieWord)
    {
        return tieWord ^ tieFlip;
    }

    /** The key of a score: words in order, then the tie word. */
    void toKey(final long[] values, final long changedAt, final long[] key)
    {
        for (int i = 0; i < columnCount; i++)
        {
            key[i] = values[i] ^ flips[i];
        }
        key[columnCount] = changedAt ^ tieFlip;
    }

    // ---- operators ----

    /**
     * What a score makes of a member's columns.
     *
     * @param place  of the member.
     * @param values scored.
     * @param next   filled with the new columns.
     * @return false when one of them would overflow.
     */
    boolean apply(final long place, final long[] values, final long[] next)
    {
        if (scoreOperator == Operator.SUM.value())
        {
            return sum(place, values, next);
        }

        final boolean isTaken = scoreOperator == Operator.LAST.value() || isBetter(values, place);
        for (int i = 0; i < columnCount; i++)
        {
            next[i] = isTaken ? values[i] : ranking.value(place, i);
        }

        return true;
    }

    /** The first word of the key that a score will most likely make of a member at a place, or of a new one. */
    long wordAhead(final long place, final long value)
    {
        final boolean isAdded = scoreOperator == Operator.SUM.value() && place != RankTree.NULL_PLACE;
        return toWord(isAdded ? ranking.value(place, 0) + value : value, 0);
    }

    /** Whether a key changed last stands behind all others with equal columns. */
    boolean isBehindTies()
    {
        return tieFlip == 0 && !isTiedByName;
    }

    private boolean sum(final long place, final long[] values, final long[] next)
    {
        for (int i = 0; i < columnCount; i++)
        {
            final long before = ranking.value(place, i);
            final long sum = before + values[i];
            if (((before ^ sum) & (values[i] ^ sum)) < 0)
            {
                return false;
            }
            next[i] = sum;
        }

        return true;
    }

    /** Whether the columns, compared as a whole, stand strictly before those at a place. */
    private boolean isBetter(final long[] values, final long place)
    {
        for (int i = 0; i < columnCount; i++)
        {
            final long word = toWord(values[i], i);
            final long other = ranking.tree.wordAt(place, i);
            if (word != other)
            {
                return word < other;
            }
        }

        return false;
    }
}
