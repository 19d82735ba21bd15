using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Migration;

/// <summary>What a consumer of the classic protocol says of itself when it joins (Kafka's ConsumerProtocolSubscription): embedded in JoinGroup as metadata.</summary>
/// <param name="Version">Version of the encoding, which its assignment is to have too.</param>
/// <param name="Owned">Partitions it still has, by topic; empty when it gives up all before it joins.</param>
internal sealed record EmbeddedSubscription(short Version, string[] Topics, EmbeddedPartitions[] Owned, string? RackId)
{
    /// <summary>Protocol type of groups of consumers; others carry metadata of their own.</summary>
    public const string ConsumerType = "consumer";

    /// <summary>Reads a subscription; null when the bytes are none. A newer version begins like the newest known.</summary>
    public static EmbeddedSubscription? TryRead(byte[] metadata)
    {
        try
        {
            var reader = new KafkaReader(metadata, version: 0, flexible: false);
            short version = reader.ReadInt16();
            string[] topics = reader.ReadStringArray();
            reader.ReadRecords(); // The assignor's own data.
            EmbeddedPartitions[] owned = version >= 1 ? reader.ReadArray<EmbeddedPartitions>() : [];
            _ = version >= 2 ? reader.ReadInt32() : -1; // Generation in which it owned them.
            return version < 0 ? null : new EmbeddedSubscription(version, topics, owned, version >= 3 ? reader.ReadNullableString() : null);
        }
        catch (KafkaFormatException)
        {
            return null;
        }
    }
}
