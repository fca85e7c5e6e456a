package io.quipu.engine.sim;

/**
 * The process dies here. Whatever catches this on its way out changes nothing any more: the stores of a dead process
 * refuse to work.
 */
final class SimCrash extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    SimCrash(final String where)
    {
        super(where, null, false, false);
    }
}
