package io.quipu.engine.cli;

import java.util.List;

/**
 * Adds verbs to {@code ./quipu} from another module, found by {@link java.util.ServiceLoader}: the module names its
 * provider in {@code META-INF/services/io.quipu.engine.cli.VerbProvider}. Called once, at start, on the main thread,
 * for every verb that is run: a provider must only construct.
 */
public interface VerbProvider
{
    /**
     * The verbs of this module.
     *
     * @return picocli command objects, each annotated with {@link picocli.CommandLine.Command} and usually a {@link
     * Verb}; a verb with verbs of its own is {@link picocli.CommandLine.Command} with {@code subcommands}.
     */
    List<?> verbs();
}
