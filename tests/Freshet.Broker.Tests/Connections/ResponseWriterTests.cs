using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Freshet.Broker.Connections;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Tests.Connections;

/// <summary>Answers with many records, which are read from their file as fast as the client takes them.</summary>
public class ResponseWriterTests
{
    private const int Ahead = 128 * 1024;
    private const int Large = 3_000_001;

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(17)]
    public async Task What_is_sent_piece_by_piece_is_what_would_be_sent_at_once(short version)
    {
        var pipe = new Pipe();
        FetchResponse response = Response(new Records(Large), new Records(5), new Records(200_000));
        Task<bool> writing = WriteAsync(pipe.Writer, response, version);
        byte[] sent = await ReadFrameAsync(pipe.Reader);
        Assert.True(await writing);
        var whole = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(whole, version, FlexibleVersions.Contains(ApiKey.Fetch, version));
        writer.WriteInt32(Header(version).CorrelationId);
        if (FlexibleVersions.HasFlexibleResponseHeader(ApiKey.Fetch, version))
        {
            writer.WriteNoTags();
        }

        response.Write(ref writer);
        writer.Flush();
        Assert.True(whole.WrittenSpan.SequenceEqual(sent));
    }

    [Fact]
    public async Task A_client_that_does_not_read_has_little_read_for_it()
    {
        var pipe = new Pipe();
        var records = new Records(Large);
        Task<bool> writing = WriteAsync(pipe.Writer, Response(records), version: 11);
        Assert.InRange(records.Taken, 1, 2 * Ahead);
        Assert.False(writing.IsCompleted);
        await pipe.Reader.CompleteAsync();
        Assert.False(await writing);
        Assert.InRange(records.Taken, 1, 2 * Ahead);
    }

    private static Task<bool> WriteAsync(PipeWriter output, FetchResponse response, short version) =>
        new ResponseWriter(output, Ahead).WriteAsync(Header(version), response, TimeSpan.Zero, CancellationToken.None).AsTask();

    private static RequestHeader Header(short version) => new(ApiKey.Fetch, version, 7, "client");

    private static FetchResponse Response(params Records[] partitions) => new(
        ErrorCode.None, 0, IsReadCommitted: false,
        [new("t", Guid.NewGuid(), partitions.Select((records, index) => new FetchResponse.Partition(index, ErrorCode.None, 9, 9, 0, records)).ToArray())]);

    private static async Task<byte[]> ReadFrameAsync(PipeReader input)
    {
        ReadResult start = await input.ReadAtLeastAsync(sizeof(int));
        int size = BinaryPrimitives.ReadInt32BigEndian(start.Buffer.Slice(0, sizeof(int)).ToArray());
        input.AdvanceTo(start.Buffer.GetPosition(sizeof(int)));
        byte[] frame = new byte[size];
        for (int filled = 0; filled < size;)
        {
            ReadResult more = await input.ReadAsync();
            more.Buffer.CopyTo(frame.AsSpan(filled));
            filled += (int)more.Buffer.Length;
            input.AdvanceTo(more.Buffer.End);
        }

        return frame;
    }

    /// <summary>Bytes that differ from place to place, and how many of them were taken.</summary>
    private sealed class Records(int length) : IRecordSource
    {
        public int Length => length;

        public int Taken { get; private set; }

        public void Read(int from, Span<byte> destination)
        {
            for (int at = 0; at < destination.Length; at++)
            {
                destination[at] = (byte)((from + at) * 31 >> 3);
            }

            Taken += destination.Length;
        }
    }
}
