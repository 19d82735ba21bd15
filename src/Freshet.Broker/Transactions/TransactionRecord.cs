using System.Buffers;
using System.Collections.Immutable;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Transactions;

/// <summary>
/// A record of the topic that keeps transactions, in Kafka's own format: key version 0, value version 1 (version 0 is read too).
/// </summary>
/// <param name="Id">The transactional id.</param>
/// <param name="State">How it stands; null when it is forgotten.</param>
internal sealed record TransactionRecord(string Id, Transaction? State)
{
    private const short KeyVersion = 0;
    private const short ValueVersion = 1;
    private const uint PreviousProducerIdTag = 0;
    private const uint NextProducerIdTag = 1;
    private const uint ClientVersionTag = 2;

    /// <summary>Reads a record; null when it is of a kind that is not kept here.</summary>
    /// <param name="value">Null forgets the id.</param>
    /// <exception cref="KafkaFormatException">The bytes are not such a record.</exception>
    public static TransactionRecord? Read(byte[] key, byte[]? value)
    {
        var reader = new KafkaReader(key, version: 0, flexible: false);
        if (reader.ReadInt16() != KeyVersion)
        {
            return null;
        }

        string id = reader.ReadString();
        return new TransactionRecord(id, value is null ? null : ReadState(id, value));
    }

    public byte[] Key()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: false);
        writer.WriteInt16(KeyVersion);
        writer.WriteString(Id);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The record's value; null forgets the id.</summary>
    public byte[]? Value()
    {
        if (State is not { } state)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, ValueVersion, flexible: true);
        writer.WriteInt16(ValueVersion);
        writer.WriteInt64(state.ProducerId);
        writer.WriteInt16(state.Epoch);
        writer.WriteInt32(state.TimeoutMs);
        writer.WriteInt8((sbyte)state.Status);
        WritePartitions(ref writer, state);
        writer.WriteInt64(state.Updated);
        writer.WriteInt64(state.Started);
        WriteTags(ref writer, state);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WritePartitions(ref KafkaWriter writer, Transaction state)
    {
        if (state.Status == TransactionStatus.Empty)
        {
            writer.WriteLength(-1);
            return;
        }

        IGrouping<string, TransactionPartition>[] topics = [.. state.Partitions.GroupBy(partition => partition.Topic)];
        writer.WriteLength(topics.Length);
        foreach (IGrouping<string, TransactionPartition> topic in topics)
        {
            writer.WriteString(topic.Key);
            writer.WriteInt32Array([.. topic.Select(partition => partition.Partition).Order()]);
            writer.WriteNoTags();
        }
    }

    private static void WriteTags(ref KafkaWriter writer, Transaction state)
    {
        bool hasPrevious = state.PreviousProducerId != Transaction.NoProducer;
        bool hasNext = state.NextProducerId != Transaction.NoProducer;
        bool hasVersion = state.ClientVersion != 0;
        writer.WriteUnsignedVarint((hasPrevious ? 1u : 0) + (hasNext ? 1u : 0) + (hasVersion ? 1u : 0));
        if (hasPrevious)
        {
            WriteTag(ref writer, PreviousProducerIdTag, sizeof(long));
            writer.WriteInt64(state.PreviousProducerId);
        }

        if (hasNext)
        {
            WriteTag(ref writer, NextProducerIdTag, sizeof(long));
            writer.WriteInt64(state.NextProducerId);
        }

        if (hasVersion)
        {
            WriteTag(ref writer, ClientVersionTag, sizeof(short));
            writer.WriteInt16(state.ClientVersion);
        }
    }

    private static void WriteTag(ref KafkaWriter writer, uint tag, uint size)
    {
        writer.WriteUnsignedVarint(tag);
        writer.WriteUnsignedVarint(size);
    }

    private static Transaction ReadState(string id, byte[] value)
    {
        short version = new KafkaReader(value, version: 0, flexible: false).ReadInt16();
        if (version is < 0 or > ValueVersion)
        {
            throw new KafkaFormatException($"A record of transactions has value version {version}; up to {ValueVersion} is known.");
        }

        var reader = new KafkaReader(value, version, flexible: version > 0);
        reader.ReadInt16();
        var state = new Transaction(id, reader.ReadInt64(), reader.ReadInt16(), reader.ReadInt32())
        {
            Status = (TransactionStatus)reader.ReadInt8(),
            Partitions = ReadPartitions(ref reader),
            Updated = reader.ReadInt64(),
            Started = reader.ReadInt64(),
        };
        for (int left = reader.ReadTagCount(); left > 0; left--)
        {
            state = reader.ReadTag(out KafkaReader field) switch
            {
                PreviousProducerIdTag => state with { PreviousProducerId = field.ReadInt64() },
                NextProducerIdTag => state with { NextProducerId = field.ReadInt64() },
                ClientVersionTag => state with { ClientVersion = field.ReadInt16() },
                _ => state,
            };
        }

        return state;
    }

    private static ImmutableHashSet<TransactionPartition> ReadPartitions(ref KafkaReader reader)
    {
        ImmutableHashSet<TransactionPartition>.Builder partitions = ImmutableHashSet.CreateBuilder<TransactionPartition>();
        for (int topics = reader.ReadCount(); topics > 0; topics--)
        {
            string topic = reader.ReadString();
            foreach (int partition in reader.ReadInt32Array())
            {
                partitions.Add(new TransactionPartition(topic, partition));
            }

            reader.SkipTags();
        }

        return partitions.ToImmutable();
    }
}
