using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Fetching;

/// <summary>A partition as the tests ask for it.</summary>
internal sealed record Wanted(string Topic, Guid TopicId, int Partition, long Offset, int LastEpoch = -1);

/// <summary>A partition as it was answered.</summary>
internal sealed record Got(string Topic, Guid TopicId, int Partition, ErrorCode Error, long HighWatermark, long LogStart, int RecordBytes, int DivergingEpoch = -1);

/// <summary>A Fetch answer.</summary>
internal sealed record Fetched(ErrorCode Error, int SessionId, IReadOnlyList<Got> Partitions, int ThrottleMs = 0);

/// <summary>Fetch requests, field by field.</summary>
internal static class FetchCalls
{
    private const int FirstWithTopicIds = 13;

    public static async Task<Fetched> FetchAsync(
        this WireClient client, short version, int sessionId, int epoch, Wanted[] wanted, Wanted[]? forgotten = null, int maxBytes = 1_000_000, int maxWait = 0)
    {
        byte[] body = await client.AskAsync(ApiKey.Fetch, version, (ref KafkaWriter writer) => Write(ref writer, sessionId, epoch, wanted, forgotten ?? [], maxBytes, maxWait));
        return Read(version, body);
    }

    private static void Write(ref KafkaWriter writer, int sessionId, int epoch, Wanted[] wanted, Wanted[] forgotten, int maxBytes, int maxWait)
    {
        if (writer.Version < 15)
        {
            writer.WriteInt32(-1);
        }

        writer.WriteInt32(maxWait);
        writer.WriteInt32(1);
        writer.WriteInt32(maxBytes);
        writer.WriteInt8(0);
        writer.WriteInt32(sessionId);
        writer.WriteInt32(epoch);
        writer.WriteLength(wanted.Length);
        foreach (Wanted asked in wanted)
        {
            WriteTopic(ref writer, asked);
            writer.WriteLength(1);
            writer.WriteInt32(asked.Partition);
            writer.WriteInt32(-1);
            writer.WriteInt64(asked.Offset);
            if (writer.Version >= 12)
            {
                writer.WriteInt32(asked.LastEpoch);
            }

            writer.WriteInt64(-1);
            writer.WriteInt32(1_000_000);
            writer.WriteNoTags();
            writer.WriteNoTags();
        }

        writer.WriteLength(forgotten.Length);
        foreach (Wanted left in forgotten)
        {
            WriteTopic(ref writer, left);
            writer.WriteInt32Array([left.Partition]);
            writer.WriteNoTags();
        }

        writer.WriteString("");
        writer.WriteNoTags();
    }

    private static void WriteTopic(ref KafkaWriter writer, Wanted asked)
    {
        if (writer.Version >= FirstWithTopicIds)
        {
            writer.WriteUuid(asked.TopicId);
        }
        else
        {
            writer.WriteString(asked.Topic);
        }
    }

    private static Fetched Read(short version, byte[] body)
    {
        KafkaReader reader = WireClient.Reader(ApiKey.Fetch, version, body);
        int throttle = reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        int sessionId = reader.ReadInt32();
        var partitions = new List<Got>();
        for (int topics = reader.ReadCount(); topics > 0; topics--)
        {
            string topic = version >= FirstWithTopicIds ? "" : reader.ReadString();
            Guid id = version >= FirstWithTopicIds ? reader.ReadUuid() : Guid.Empty;
            for (int count = reader.ReadCount(); count > 0; count--)
            {
                partitions.Add(ReadPartition(ref reader, topic, id));
            }

            reader.SkipTags();
        }

        reader.SkipTags();
        reader.ExpectEnd();
        return new Fetched(error, sessionId, partitions, throttle);
    }

    private static Got ReadPartition(ref KafkaReader reader, string topic, Guid id)
    {
        int index = reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        long highWatermark = reader.ReadInt64();
        reader.ReadInt64();
        long logStart = reader.ReadInt64();
        reader.ReadCount();
        reader.ReadInt32();
        int bytes = reader.ReadRecords()?.Length ?? -1;
        int diverging = -1;
        if (reader.IsFlexible && reader.ReadInt8() == 1)
        {
            Assert.Equal((0, 13), (reader.ReadInt8(), reader.ReadInt8()));
            diverging = reader.ReadInt32();
            reader.ReadInt64();
            reader.SkipTags();
        }

        return new Got(topic, id, index, error, highWatermark, logStart, bytes, diverging);
    }
}
