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
    private static final int WIDTH = 80;
    private static final int INDENT = NAME_WIDTH + 2;
    private static final String NEW_LINE = System.lineSeparator();

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
                page.append(empty ? NEW_LINE + title + NEW_LINE : "")
                    .append("  ").append(name).append(" ".repeat(Math.max(1, NAME_WIDTH - name.length())))
                    .append(wrapped(description.length == 0 ? "" : description[0])).append(NEW_LINE);
                empty = false;
            }
        }
    }

    private static String wrapped(final String text)
    {
        final StringBuilder lines = new StringBuilder();
        int column = INDENT;
        for (final String word : text.split(" "))
        {
            if (column > INDENT && column + 1 + word.length() > WIDTH)
            {
                lines.append(NEW_LINE).append(" ".repeat(INDENT));
                column = INDENT;
            }
            lines.append(column == INDENT ? "" : " ").append(word);
            column += (column == INDENT ? 0 : 1) + word.length();
        }
        return lines.toString();
    }
}
