using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Administration;

/// <summary>What was answered about one partition.</summary>
internal sealed record Told(string Topic, int Partition, ErrorCode Error);

/// <summary>Requests that operators' tools send, field by field, and their answers read to the last byte.</summary>
internal static class OperatorCalls
{
    public delegate T Reading<T>(ref KafkaReader reader);

    /// <summary>Asks and reads the answer; bytes left over fail the test.</summary>
    public static async Task<T> AskAsync<T>(this WireClient client, ApiKey key, short version, WireClient.Writing write, Reading<T> read)
    {
        byte[] body = await client.AskAsync(key, version, write);
        KafkaReader reader = WireClient.Reader(key, version, body);
        T answer = read(ref reader);
        reader.SkipTags();
        reader.ExpectEnd();
        return answer;
    }

    public static Task<(ErrorCode Error, Told[] Partitions)> ElectAsync(this WireClient client, short version, sbyte type, params (string, int[])[]? topics) =>
        client.AskAsync(
            ApiKey.ElectLeaders, version,
            (ref KafkaWriter writer) =>
            {
                if (version >= 1)
                {
                    writer.WriteInt8(type);
                }

                WriteTopics(ref writer, topics);
                writer.WriteInt32(1000);
                writer.WriteNoTags();
            },
            (ref KafkaReader reader) =>
            {
                reader.ReadInt32();
                return (version >= 1 ? (ErrorCode)reader.ReadInt16() : ErrorCode.None, ReadAnswers(ref reader));
            });

    /// <summary>Asks to have a partition on these brokers; null asks to stop moving it.</summary>
    public static Task<Told> ReassignAsync(this WireClient client, short version, string topic, int partition, int[]? replicas) => client.AskAsync(
        ApiKey.AlterPartitionReassignments, version,
        (ref KafkaWriter writer) =>
        {
            writer.WriteInt32(1000);
            if (version >= 1)
            {
                writer.WriteBool(true);
            }

            writer.WriteLength(1);
            writer.WriteString(topic);
            writer.WriteLength(1);
            writer.WriteInt32(partition);
            writer.WriteLength(replicas?.Length ?? -1);
            foreach (int broker in replicas ?? [])
            {
                writer.WriteInt32(broker);
            }

            writer.WriteNoTags();
            writer.WriteNoTags();
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            if (version >= 1)
            {
                Assert.True(reader.ReadBool());
            }

            var error = (ErrorCode)reader.ReadInt16();
            reader.ReadNullableString();
            Told[] told = ReadAnswers(ref reader);
            return error == ErrorCode.None ? Assert.Single(told) : new Told(topic, partition, error);
        });

    public static Task<(ErrorCode Error, int Moves)> ListMovesAsync(this WireClient client, params (string, int[])[]? topics) => client.AskAsync(
        ApiKey.ListPartitionReassignments, 0,
        (ref KafkaWriter writer) =>
        {
            writer.WriteInt32(1000);
            WriteTopics(ref writer, topics);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            var error = (ErrorCode)reader.ReadInt16();
            reader.ReadNullableString();
            return (error, reader.ReadCount());
        });

    /// <summary>Asks for a level of a feature; the answer has the error and how many features are told.</summary>
    public static Task<(ErrorCode Error, int Results)> SetFeatureAsync(this WireClient client, short version, string feature, short level) => client.AskAsync(
        ApiKey.UpdateFeatures, version,
        (ref KafkaWriter writer) =>
        {
            writer.WriteInt32(1000);
            writer.WriteLength(1);
            writer.WriteString(feature);
            writer.WriteInt16(level);
            writer.WriteInt8(1); // Allow a downgrade, or upgrade only.
            writer.WriteNoTags();
            if (version >= 1)
            {
                writer.WriteBool(false);
            }

            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            var error = (ErrorCode)reader.ReadInt16();
            Assert.Equal(error == ErrorCode.None, reader.ReadNullableString() is null);
            int results = version < 2 ? reader.ReadCount() : 0;
            for (int number = 0; number < results; number++)
            {
                Assert.Equal(feature, reader.ReadString());
                Assert.Equal(error, (ErrorCode)reader.ReadInt16());
                reader.ReadNullableString();
                reader.SkipTags();
            }

            return (error, results);
        });

    public static Task<ErrorCode> UnregisterAsync(this WireClient client, int broker) => client.AskAsync(
        ApiKey.UnregisterBroker, 0,
        (ref KafkaWriter writer) =>
        {
            writer.WriteInt32(broker);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            var error = (ErrorCode)reader.ReadInt16();
            Assert.NotNull(reader.ReadNullableString());
            return error;
        });

    public static Task<Told[]> MoveToFolderAsync(this WireClient client, short version, string path, params (string, int[])[] topics) => client.AskAsync(
        ApiKey.AlterReplicaLogDirs, version,
        (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteString(path);
            WriteTopics(ref writer, topics);
            writer.WriteNoTags();
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            return ReadErrors(ref reader);
        });

    /// <summary>Adds partitions to a transaction as brokers do among themselves, or only asks if it has them.</summary>
    public static Task<(ErrorCode Error, Told[] Partitions)> AddToTransactionAsync(
        this WireClient client, short version, string id, long producer, short epoch, bool verifyOnly, params (string, int[])[] topics) => client.AskAsync(
        ApiKey.AddPartitionsToTxn, version,
        (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteString(id);
            writer.WriteInt64(producer);
            writer.WriteInt16(epoch);
            writer.WriteBool(verifyOnly);
            WriteTopics(ref writer, topics);
            writer.WriteNoTags();
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            var error = (ErrorCode)reader.ReadInt16();
            int transactions = reader.ReadCount();
            var told = new List<Told>();
            for (int number = 0; number < transactions; number++)
            {
                Assert.Equal(id, reader.ReadString());
                told.AddRange(ReadErrors(ref reader));
                reader.SkipTags();
            }

            return (error, told.ToArray());
        });

    private static void WriteTopics(ref KafkaWriter writer, (string, int[])[]? topics)
    {
        writer.WriteLength(topics?.Length ?? -1);
        foreach ((string topic, int[] partitions) in topics ?? [])
        {
            writer.WriteString(topic);
            writer.WriteInt32Array(partitions);
            writer.WriteNoTags();
        }
    }

    /// <summary>Errors of partitions with a text for each.</summary>
    private static Told[] ReadAnswers(ref KafkaReader reader) => ReadPartitions(ref reader, hasMessage: true);

    private static Told[] ReadErrors(ref KafkaReader reader) => ReadPartitions(ref reader, hasMessage: false);

    private static Told[] ReadPartitions(ref KafkaReader reader, bool hasMessage)
    {
        var told = new List<Told>();
        for (int topics = reader.ReadCount(); topics > 0; topics--)
        {
            string topic = reader.ReadString();
            for (int partitions = reader.ReadCount(); partitions > 0; partitions--)
            {
                var answer = new Told(topic, reader.ReadInt32(), (ErrorCode)reader.ReadInt16());
                if (hasMessage)
                {
                    Assert.Equal(answer.Error == ErrorCode.None, reader.ReadNullableString() is null);
                }

                told.Add(answer);
                reader.SkipTags();
            }

            reader.SkipTags();
        }

        return [.. told];
    }
}
