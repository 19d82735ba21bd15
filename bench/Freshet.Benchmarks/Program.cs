using System.CommandLine;
using Freshet.Benchmarks.Coordination;
using Freshet.Benchmarks.Log;
using Freshet.Benchmarks.Streams;

var benchmarks = new RootCommand("Freshet's benchmarks, one verb each. Rivals are addresses of servers that run already.")
{
    CoordinationCommand.Create(),
    LogCommand.Create(),
    LogLatencyCommand.Create(),
    StreamsCommand.Create(),
};
return await benchmarks.Parse(args).InvokeAsync();
