using System.Buffers;
using Freshet.Broker.Groups.Migration;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Groups;

/// <summary>What clients of the classic protocol embed in their requests.</summary>
internal static class EmbeddedBytes
{
    public static byte[] Subscription(string[] topics, params EmbeddedPartitions[] owned)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: false);
        writer.WriteInt16(3);
        writer.WriteStringArray(topics);
        writer.WriteLength(-1);
        writer.WriteArray(owned);
        writer.WriteInt32(-1);
        writer.WriteString(null);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static byte[] Assignment(byte[]? userData, params EmbeddedPartitions[] partitions)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(bytes, version: 0, flexible: false);
        writer.WriteInt16(3);
        writer.WriteArray(partitions);
        writer.WriteLength(userData?.Length ?? -1);
        foreach (byte value in userData ?? [])
        {
            writer.WriteInt8((sbyte)value);
        }

        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
