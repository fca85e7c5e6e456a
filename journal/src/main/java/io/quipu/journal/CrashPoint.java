package io.quipu.journal;

/**
 * Named places where a process may die between two stores. Shipped code passes them and nothing happens; a test or a
 * simulator ends the run, or the process, at one of them.
 * <p>
 * Called by whichever thread passes the place; must not allocate when it does nothing.
 */
@FunctionalInterface
public interface CrashPoint
{
    /** Does nothing. */
    CrashPoint NONE = name -> { };

    /**
     * @param name of the place, a constant of the class that passes it.
     */
    void reached(String name);
}
