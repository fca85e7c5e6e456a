package io.quipu.engine.cli;

import picocli.CommandLine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * The verbs and the order in which the help shows them. Reading the annotations of all of them takes longer than most
 * verbs run, so only the one that is called is made.
 */
final class Verbs
{
    private static final Map<String, Supplier<Object>> OWN = own();

    /** Headings of the help and the verbs under them; those of other modules are named here too, and shown when there. */
    static final Map<String, List<String>> GROUPS = groups();

    private Verbs()
    {
    }

    /** Adds the verb that the arguments begin with, or all when it is not one of this module. */
    static void addTo(final CommandLine commandLine, final String[] args)
    {
        final Supplier<Object> called = args.length == 0 ? null : OWN.get(args[0]);
        if (called != null)
        {
            commandLine.addSubcommand(called.get());
            return;
        }
        OWN.values().forEach(verb -> commandLine.addSubcommand(verb.get()));
        for (final VerbProvider provider : ServiceLoader.load(VerbProvider.class))
        {
            provider.verbs().forEach(commandLine::addSubcommand);
        }
    }

    private static Map<String, Supplier<Object>> own()
    {
        final Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("demo", DemoVerb::new);
        verbs.put("engine", EngineVerb::new);
        verbs.put("load", LoadVerb::new);
        verbs.put("add", CounterVerbs.Add::new);
        verbs.put("set", CounterVerbs.Set::new);
        verbs.put("get", CounterVerbs.Get::new);
        verbs.put("delete", CounterVerbs.Delete::new);
        verbs.put("counters", CounterVerbs.Counters::new);
        verbs.put("board", BoardVerbs.Board::new);
        verbs.put("boards", BoardVerbs.Boards::new);
        verbs.put("drop", BoardVerbs.Drop::new);
        verbs.put("reset", BoardVerbs.Reset::new);
        verbs.put("score", BoardVerbs.Score::new);
        verbs.put("remove", BoardVerbs.Remove::new);
        verbs.put("rank", RankVerbs.Rank::new);
        verbs.put("top", RankVerbs.Top::new);
        verbs.put("page", RankVerbs.Page::new);
        verbs.put("around", RankVerbs.Around::new);
        verbs.put("range", RankVerbs.Range::new);
        verbs.put("count", RankVerbs.Count::new);
        verbs.put("watch", WatchVerb::new);
        verbs.put("status", StatusVerb::new);
        verbs.put("limits", LimitsVerb::new);
        verbs.put("checkpoint", CheckpointVerb::new);
        verbs.put("backup", BackupVerb::new);
        verbs.put("restore", RestoreVerb::new);
        verbs.put("repair", RepairVerb::new);
        return verbs;
    }

    private static Map<String, List<String>> groups()
    {
        final Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Start here", List.of("demo", "engine"));
        groups.put("Counters", List.of("add", "set", "get", "delete", "counters"));
        groups.put("Boards", List.of("board", "boards", "score", "remove", "reset", "drop"));
        groups.put("Who stands where", List.of("rank", "top", "page", "around", "range", "count", "watch"));
        groups.put("Many commands at once", List.of("load"));
        groups.put(
            "The engine and its journal",
            List.of("status", "limits", "checkpoint", "backup", "restore", "repair", "replay", "bench"));
        return groups;
    }
}
