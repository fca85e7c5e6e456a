package io.quipu.engine.sequencer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 128 bits of the SHA-256 of a session token: all that is ever kept of it. For the sequencer thread.
 */
final class TokenHash
{
    private static final int TOKEN_LENGTH = 2 * Long.BYTES;
    private static final int HASH_LENGTH = 32;

    private final MessageDigest sha256;
    private final byte[] token = new byte[TOKEN_LENGTH];
    private final byte[] hash = new byte[HASH_LENGTH];
    private final ByteBuffer tokenBytes = ByteBuffer.wrap(token).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer hashBytes = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);

    TokenHash()
    {
        try
        {
            sha256 = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    void update(final long tokenHigh, final long tokenLow)
    {
        tokenBytes.putLong(0, tokenHigh).putLong(Long.BYTES, tokenLow);
        try
        {
            sha256.update(token);
            sha256.digest(hash, 0, HASH_LENGTH);
        }
        catch (final DigestException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    long high()
    {
        return hashBytes.getLong(0);
    }

    long low()
    {
        return hashBytes.getLong(Long.BYTES);
    }
}
