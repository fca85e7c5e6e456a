package io.quipu.journal;

/**
 * For stores in memory, which nobody else can hold.
 */
public final class NoLock implements DirectoryLock
{
    @Override
    public void acquire()
    {
    }

    @Override
    public boolean isHeld()
    {
        return true;
    }

    @Override
    public void close()
    {
    }
}
