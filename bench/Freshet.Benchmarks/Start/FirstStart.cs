using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text;
using Confluent.Kafka;
using Freshet.Node;

namespace Freshet.Benchmarks.Start;

/// <summary>
/// The first node and the first record of a process, measured by that process: it is started anew for each, and does nothing else before.
/// </summary>
internal static class FirstStart
{
    /// <summary>First argument of such a process; then the client, and for a broker that runs already its address.</summary>
    public const string Argument = "first-start";

    private const string Topic = "first";

    public static async Task RunAsync(string client, string? runningBroker)
    {
        Usage before = Usage.Now();
        FreshetNode? node = runningBroker is null ? await FreshetNode.StartAsync() : null;
        Usage ready = Usage.Now();
        await ProduceAsync(client, runningBroker ?? node!.BootstrapServers!);
        Usage produced = Usage.Now();
        Console.WriteLine($"{ready.Since(before)} {produced.Since(before)}");
        if (node is not null)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task ProduceAsync(string client, string address)
    {
        if (client == StartCase.BareSocket)
        {
            using var bare = new BareProducer(address);
            bare.Produce(Topic, Encoding.UTF8.GetBytes("hello"));
            return;
        }

        using IProducer<Null, string> producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = address }).Build();
        await producer.ProduceAsync(Topic, new Message<Null, string> { Value = "hello" });
    }

    /// <summary>What the process has used so far.</summary>
    private readonly record struct Usage(long Timestamp, TimeSpan Cpu, long Methods)
    {
        public static Usage Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, JitInfo.GetCompiledMethodCount());

        /// <summary>Milliseconds passed, milliseconds of CPU time, methods that .NET compiled.</summary>
        public string Since(Usage earlier) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp).TotalMilliseconds:F1} {(Cpu - earlier.Cpu).TotalMilliseconds:F1} {Methods - earlier.Methods}");
    }
}
