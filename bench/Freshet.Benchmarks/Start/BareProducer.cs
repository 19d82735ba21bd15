using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Benchmarks.Start;

/// <summary>Produces one record with as little of a client as there can be: a blocking socket, and the two requests that it takes.</summary>
internal sealed class BareProducer : IDisposable
{
    private const short MetadataVersion = 4;
    private const short ProduceVersion = 7;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public BareProducer(string address) => _socket.Connect(IPEndPoint.Parse(address));

    private delegate void Writing(ref KafkaWriter writer);

    /// <summary>Has the topic made and produces to its first partition; returns when the broker has acknowledged it.</summary>
    public void Produce(string topic, ReadOnlySpan<byte> value)
    {
        Ask(ApiKey.Metadata, MetadataVersion, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteString(topic);
            writer.WriteBool(true); // make it when it is missing
        });
        byte[] batch = new RecordBatchBuilder(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddValue(value).Build();
        byte[] answer = Ask(ApiKey.Produce, ProduceVersion, (ref KafkaWriter writer) =>
        {
            writer.WriteString(null); // no transaction
            writer.WriteInt16(-1); // acks=all
            writer.WriteInt32(30_000);
            writer.WriteLength(1);
            writer.WriteString(topic);
            writer.WriteLength(1);
            writer.WriteInt32(0);
            writer.WriteBytes(batch);
        });
        // Behind the correlation id, the count of topics, the topic's name, the count of partitions and the partition.
        short error = BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4 + 4 + 2 + topic.Length + 4 + 4));
        if (error != 0)
        {
            throw new InvalidOperationException($"The broker refused the record: {(ErrorCode)error}.");
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte[] Ask(ApiKey key, short version, Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, version, FlexibleVersions.Contains(key, version));
        new RequestHeader(key, version, CorrelationId: 1, "bare").Write(ref writer);
        write(ref writer);
        writer.Flush();
        byte[] size = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(size, output.WrittenCount);
        _socket.Send([.. size, .. output.WrittenSpan]);
        Receive(size);
        byte[] answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        Receive(answer);
        return answer;
    }

    private void Receive(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = _socket.Receive(bytes);
            bytes = count > 0 ? bytes[count..] : throw new EndOfStreamException("The broker closed the connection.");
        }
    }
}
