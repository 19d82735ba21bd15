using System.CommandLine;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary><c>freshet produce</c>: a record for each line of standard input.</summary>
internal static class ProduceCommand
{
    public static Command Create()
    {
        var flags = new KafkaFlags();
        var names = new NameArgument("topic", "--topic");
        var separator = new Option<string?>("--key-separator", "-K") { Description = "What stands between key and value in a line; without it, lines are values." };
        var partition = new Option<int?>("--partition", "-p") { Description = "Partition for all records; the keys choose without it." };
        var none = new Option<string?>("--null") { Description = "Text that stands for no key, or for no value: a tombstone." };
        var headers = new Option<string[]>("--header") { Description = "NAME=VALUE: a header of every record." };
        var compression = new Option<CompressionType>("--compression") { Description = "none, gzip, snappy, lz4 or zstd.", DefaultValueFactory = _ => CompressionType.None };
        var acks = new Option<string>("--acks") { Description = "all, 1 or 0.", DefaultValueFactory = _ => "all" };
        var command = new Command("produce", "Writes each line of standard input as a record.") { separator, none, partition, headers, compression, acks };
        names.AddTo(command);
        flags.AddTo(command);
        flags.Run(command, async (session, parsed, stop) =>
        {
            var config = new ProducerConfig { CompressionType = parsed.GetValue(compression), MessageTimeoutMs = (int)session.Timeout.TotalMilliseconds };
            config.Set("acks", parsed.GetValue(acks)!);
            var target = new TopicPartition(names.One(parsed), parsed.GetValue(partition) is int chosen ? chosen : Partition.Any);
            using IProducer<byte[]?, byte[]?> producer = session.Producer(config);
            var records = new LineRecords(parsed.GetValue(separator), parsed.GetValue(none), [.. (parsed.GetValue(headers) ?? []).Select(NameValue.Parse)]);
            await new LineProducer(producer, target, records, session).RunAsync(Console.OpenStandardInput(), stop);
        });
        return command;
    }
}
