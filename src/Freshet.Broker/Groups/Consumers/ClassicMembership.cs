using System.Buffers;
using Freshet.Broker.Groups.Migration;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>What a member of the classic protocol has that one of the consumer protocol has not (Kafka's ClassicMemberMetadata).</summary>
/// <param name="Protocols">Assignors that it knows, favourite first, with its metadata for each.</param>
internal sealed record ClassicMembership(int SessionTimeoutMs, IReadOnlyList<JoinGroupProtocol> Protocols)
{
    private const sbyte NotNull = 1;

    public TimeSpan SessionTimeout => TimeSpan.FromMilliseconds(SessionTimeoutMs);

    public JoinGroupProtocol Favourite => Protocols[0];

    /// <summary>Version of the embedded encoding that the member knows.</summary>
    public short EmbeddedVersion => EmbeddedSubscription.TryRead(Favourite.Metadata)?.Version ?? 0;

    public bool Knows(string protocol) => Protocols.Any(known => known.Name == protocol);

    /// <summary>Whether nothing is different.</summary>
    public bool IsSameAs(ClassicMembership? other) =>
        other is not null && SessionTimeoutMs == other.SessionTimeoutMs && Protocols.Count == other.Protocols.Count
        && Protocols.Zip(other.Protocols).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));

    public static ClassicMembership? Read(ref KafkaReader reader)
    {
        if (reader.ReadInt8() != NotNull)
        {
            return null;
        }

        int session = reader.ReadInt32();
        JoinGroupProtocol[] protocols = reader.ReadArray<JoinGroupProtocol>();
        return protocols.Length == 0 ? throw new KafkaFormatException("A member of the classic protocol knows no assignor.") : new ClassicMembership(session, protocols);
    }

    /// <summary>The bytes of a nullable struct in a tagged field.</summary>
    public byte[] ToField()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: true);
        writer.WriteInt8(NotNull);
        writer.WriteInt32(SessionTimeoutMs);
        writer.WriteLength(Protocols.Count);
        foreach (JoinGroupProtocol protocol in Protocols)
        {
            writer.WriteString(protocol.Name);
            writer.WriteBytes(protocol.Metadata);
            writer.WriteNoTags();
        }

        writer.WriteNoTags();
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
