package io.quipu.transport.client;

/**
 * A board as a query saw it.
 *
 * @param definition as it was created.
 * @param handle     names it without its name, until it is dropped.
 * @param members    on it.
 */
public record BoardInfo(BoardDefinition definition, long handle, long members)
{
    /** Its name. */
    public String name()
    {
        return definition.name();
    }
}
