using System.CommandLine;
using System.CommandLine.Invocation;
using Freshet.Cli.Commands;
using Freshet.Cli.Kafka;

var root = new RootCommand("Freshet: a coordination service, a log and a stream engine in one process.")
{
    NodeCommand.Create(),
    CoordinationCommand.Create(),
    BrokerCommand.Create(),
    ZkCommand.Create(),
    MoveCommands.Import(),
    MoveCommands.Export(),
    TopicCommand.Create(),
    GroupCommand.Create(),
    ConfigCommand.Create(),
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
};

ParseResult parsed = root.Parse(KafkaSpelling.ToWords(args));
if (parsed.Action is ParseErrorAction wrong && parsed.CommandResult.Command.Subcommands.Count == 0)
{
    // What is wrong would be lost above a page of options.
    wrong.ShowHelp = false;
}

// SIGTERM and SIGINT cancel the command's token; closing files and telling clients takes a moment, never long.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
