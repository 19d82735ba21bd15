using System.Diagnostics;
using Freshet.Streams;

namespace Freshet.Benchmarks.Streams;

/// <summary>A topology to measure; its last component is called <see cref="Last"/>.</summary>
internal sealed record StreamsLoad(string Shape, bool IsFused, string? LinesFile, int Rate)
{
    public const string Last = "last";

    public Topology Build(LatencyHistogram latencies)
    {
        var builder = new TopologyBuilder(Shape);
        switch (Shape)
        {
            case "null":
                Apart(builder.AddSpout("spout", () => new ConstantSpout())).AddSink(Last, () => new NullSink<string>());
                break;
            case "id":
                Apart(Apart(builder.AddSpout("spout", () => new ConstantSpout())).Map("identity", tuple => tuple)).AddSink(Last, () => new NullSink<string>());
                break;
            case "latency":
                Apart(Apart(builder.AddSpout("spout", () => new PacedSpout(Rate))).Map("identity", tuple => tuple))
                    .AddBolt<long>(Last, () => new StampBolt(latencies));
                break;
            default:
                string[] lines = File.ReadAllLines(LinesFile ?? throw new ArgumentException("wordcount needs --lines FILE."));
                Apart(builder.AddSpout("spout", () => new LineSpout(lines)))
                    .FlatMap<string>("split", Split).GroupBy(word => word).AddBolt<(string, long)>(Last, () => new CountBolt());
                break;
        }

        return builder.Build();
    }

    private static void Split(string line, IEmitter<string> words)
    {
        foreach (string word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            words.Emit(word);
        }
    }

    private Stream<T> Apart<T>(Stream<T> stream) => IsFused ? stream : stream.Shuffle();

    private sealed class StampBolt(LatencyHistogram latencies) : Bolt<long, long>
    {
        public override void Execute(long tuple, IEmitter<long> output) => latencies.Add(Stopwatch.GetTimestamp() - tuple);
    }

    private sealed class CountBolt : KeyedBolt<string, string, (string, long)>
    {
        private KeyedState<string, long> _counts = null!;

        public override void Open(KeyedBoltContext<string> context) => _counts = context.State<long>("counts");

        public override void Execute(string key, string tuple, IEmitter<(string, long)> output) => output.Emit((key, ++_counts[key]));
    }

    private sealed class NullSink<T> : ISink<T>
    {
        public ValueTask OpenAsync(TaskContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(ReadOnlyMemory<T> tuples, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
