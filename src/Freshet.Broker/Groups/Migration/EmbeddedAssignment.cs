using System.Buffers;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Migration;

/// <summary>What a consumer of the classic protocol gets to read (Kafka's ConsumerProtocolAssignment): embedded in SyncGroup as its assignment.</summary>
/// <param name="HasUserData">Whether an assignor put data of its own in.</param>
internal sealed record EmbeddedAssignment(EmbeddedPartitions[] Partitions, bool HasUserData)
{
    private const short NewestVersion = 3;

    /// <summary>Reads an assignment; null when the bytes are none. No bytes are the assignment of a member that has never had one.</summary>
    public static EmbeddedAssignment? TryRead(byte[] assignment)
    {
        if (assignment.Length == 0)
        {
            return new EmbeddedAssignment([], HasUserData: false);
        }

        try
        {
            var reader = new KafkaReader(assignment, version: 0, flexible: false);
            return reader.ReadInt16() < 0 ? null : new EmbeddedAssignment(reader.ReadArray<EmbeddedPartitions>(), reader.ReadRecords() is { Length: > 0 });
        }
        catch (KafkaFormatException)
        {
            return null;
        }
    }

    /// <summary>Writes partitions as an assignment.</summary>
    /// <param name="version">Version that the member knows; all have the same layout so far.</param>
    public static byte[] Of(IEnumerable<TopicIdPartition> partitions, short version, ClusterView view)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: false);
        writer.WriteInt16(Math.Clamp(version, (short)0, NewestVersion));
        writer.WriteArray(EmbeddedPartitions.Of(partitions, view));
        writer.WriteLength(-1);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
