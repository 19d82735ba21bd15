using System.CommandLine;
using Freshet.Benchmarks.Coordination;
using Freshet.Benchmarks.Log;
using Freshet.Benchmarks.Start;
using Freshet.Benchmarks.Streams;

if (args is [FirstStart.Argument, string client, ..])
{
    await FirstStart.RunAsync(client, args.ElementAtOrDefault(2));
    return 0;
}

var benchmarks = new RootCommand("Freshet's benchmarks, one verb each. Rivals are addresses of servers that run already.")
{
    CoordinationCommand.Create(),
    LogCommand.Create(),
    LogLatencyCommand.Create(),
    StartCommand.Create(),
    StreamsCommand.Create(),
};
return await benchmarks.Parse(args).InvokeAsync();
