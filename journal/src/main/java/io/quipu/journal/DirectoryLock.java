package io.quipu.journal;

/**
 * Exclusive ownership of a data directory, held from before anything in it is opened for writing until everything is
 * closed. The kernel takes it back when the process dies, however it dies.
 */
public interface DirectoryLock extends AutoCloseable
{
    /**
     * Takes the lock.
     *
     * @throws DirectoryLockedException when someone else holds it.
     * @throws JournalException         {@link Verdict#UNUSABLE} when the lock file cannot be opened.
     */
    void acquire();

    /**
     * @return true when this instance holds the lock.
     */
    boolean isHeld();

    /**
     * Gives the lock back; does nothing when it is not held.
     */
    @Override
    void close();
}
