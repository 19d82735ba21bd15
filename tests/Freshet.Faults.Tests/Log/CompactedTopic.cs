using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>What a reader finds in a compacted partition, against everything that was acknowledged.</summary>
internal static class CompactedTopic
{
    private static readonly string[] OnlyWhileWorking = [".cleaned", ".swap", ".deleted", ".tmp"];

    /// <summary>Every key's newest value is there and no older one behind it, nothing is changed, and offsets grow.</summary>
    /// <returns>How many records were read.</returns>
    public static int AssertFits(string address, string topic, IReadOnlyDictionary<long, (string Key, string? Value)> acknowledged)
    {
        List<ConsumeResult<string, string?>> left = Read(address, topic);
        Assert.Equal(left.Select(record => record.Offset.Value).Distinct().Order(), left.Select(record => record.Offset.Value));
        Assert.All(left, record => Assert.Equal(acknowledged[record.Offset.Value], (record.Message.Key, record.Message.Value)));
        Dictionary<string, long> newestLeft = left.GroupBy(record => record.Message.Key).ToDictionary(key => key.Key, key => key.Max(record => record.Offset.Value));
        foreach (IGrouping<string, KeyValuePair<long, (string Key, string? Value)>> key in acknowledged.GroupBy(record => record.Value.Key))
        {
            KeyValuePair<long, (string Key, string? Value)> newest = key.MaxBy(record => record.Key);
            if (newest.Value.Value is not null)
            {
                Assert.True(newestLeft.TryGetValue(key.Key, out long offset) && offset == newest.Key, $"{key.Key} was set at {newest.Key}, newest found at {offset}");
            }
            else
            {
                // A tombstone may be gone itself, but only after all that it deleted.
                Assert.True(!newestLeft.TryGetValue(key.Key, out long offset) || offset == newest.Key, $"{key.Key} was deleted at {newest.Key}, but is there at {offset}");
            }
        }

        return left.Count;
    }

    /// <summary>Nothing is left of work that was cut short.</summary>
    public static void AssertTidy(string folder)
    {
        Assert.Empty(UnfinishedWork(folder));
        Assert.All(
            Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is ".index" or ".timeindex"),
            index => Assert.True(File.Exists(Path.ChangeExtension(index, ".log")), $"{index} has no segment"));
    }

    /// <summary>Files that show what a kill interrupted.</summary>
    public static IEnumerable<string> UnfinishedWork(string folder) => Directory.GetFiles(folder).Where(file => OnlyWhileWorking.Contains(Path.GetExtension(file)));

    private static List<ConsumeResult<string, string?>> Read(string address, string topic)
    {
        using IConsumer<string, string?> consumer = new ConsumerBuilder<string, string?>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
        }).SetValueDeserializer(new OptionalText()).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var read = new List<ConsumeResult<string, string?>>();
        while (consumer.Consume(TimeSpan.FromSeconds(30)) is var result && !Assert.IsType<ConsumeResult<string, string?>>(result).IsPartitionEOF)
        {
            read.Add(result);
        }

        return read;
    }

    private sealed class OptionalText : IDeserializer<string?>
    {
        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null : Deserializers.Utf8.Deserialize(data, isNull, context);
    }
}
