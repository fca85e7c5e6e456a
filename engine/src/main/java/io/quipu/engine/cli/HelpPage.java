package io.quipu.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The help of the program as a whole: its verbs in groups, in the order in which somebody new meets them.
 */
final class HelpPage
{
    private static final int NAME_WIDTH = 10;
    private static final int WIDTH = 110;

    private HelpPage()
    {
    }

    static void configure(final CommandLine commandLine)
    {
        commandLine.getCommandSpec().usageMessage()
            .width(WIDTH)
            .customSynopsis("./quipu VERB [ARGUMENT...] [OPTION...]")
            .commandListHeading("")
            .footer("",
                "./quipu VERB --help explains a verb. Results go to standard output, all else to standard error.",
                "Exit codes: 0 good, 1 refused or not found, 2 wrong arguments, from 65 verdicts about a journal.");
        commandLine.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpPage::verbs);
    }

    private static String verbs(final Help help)
    {
        final Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
        final StringBuilder page = new StringBuilder();
        Verbs.GROUPS.forEach((title, names) -> group(page, title, names, left));
        group(page, "More", new ArrayList<>(left.keySet()), left);
        return page.toString();
    }

    private static void group(
        final StringBuilder page, final String title, final List<String> names, final Map<String, Help> left)
    {
        boolean empty = true;
        for (final String name : names)
        {
            final Help verb = left.remove(name);
            if (verb != null)
            {
                final String[] description = verb.commandSpec().usageMessage().description();
                page.append(empty ? System.lineSeparator() + title + System.lineSeparator() : "")
                    .append("  ").append(name).append(" ".repeat(Math.max(1, NAME_WIDTH - name.length())))
                    .append(description.length == 0 ? "" : description[0]).append(System.lineSeparator());
                empty = false;
            }
        }
    }
}
