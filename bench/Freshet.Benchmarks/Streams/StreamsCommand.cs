using System.CommandLine;

namespace Freshet.Benchmarks.Streams;

/// <summary><c>streams</c>: tuples through a topology in this process, in shapes that Apache Storm's benchmarks have too.</summary>
internal static class StreamsCommand
{
    public static Command Create()
    {
        var shape = new Argument<string>("shape")
        {
            Description = "null (spout, sink) | id (spout, identity, sink) | latency (id, paced and stamped) | wordcount (lines, split, count by word).",
        };
        var fused = new Option<bool>("--fused") { Description = "One task for the whole chain instead of one per component; not for wordcount, whose words change tasks." };
        var lines = new Option<string?>("--lines") { Description = "Text file for wordcount." };
        var rate = new Option<int>("--rate") { Description = "Tuples per second of latency.", DefaultValueFactory = _ => 100_000 };
        var checkpoints = new Option<string?>("--checkpoints") { Description = "Folder for a checkpoint every second; none without it." };
        var seconds = new Option<int>("--seconds") { Description = "Length of a slice.", DefaultValueFactory = _ => 3 };
        var slices = new Option<int>("--slices") { Description = "Slices measured, after one that does not count.", DefaultValueFactory = _ => 3 };
        shape.AcceptOnlyFromAmong("null", "id", "latency", "wordcount");
        var command = new Command("streams", "Throughput, CPU time per tuple and latency of the stream engine.") { shape, fused, lines, rate, checkpoints, seconds, slices };
        command.SetAction(async (parsed, stop) =>
        {
            var load = new StreamsLoad(parsed.GetValue(shape)!, parsed.GetValue(fused), parsed.GetValue(lines), parsed.GetValue(rate));
            await StreamsRun.MeasureAsync(
                load, parsed.GetValue(checkpoints), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(slices), parsed.InvocationConfiguration.Output, stop);
        });
        return command;
    }
}
