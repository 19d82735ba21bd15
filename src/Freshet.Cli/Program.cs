using System.CommandLine;
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

// SIGTERM and SIGINT cancel the command's token; closing files and telling clients takes a moment, never long.
return await root.Parse(KafkaSpelling.ToWords(args)).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
