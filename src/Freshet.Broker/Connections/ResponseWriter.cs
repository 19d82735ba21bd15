using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Connections;

/// <summary>
/// Writes answers straight into a connection's output. Records come from their file only as fast as the client takes them, so that one
/// that asks for much and reads slowly holds no more memory than others.
/// </summary>
/// <param name="maxAhead">Most bytes of records read before the client takes them.</param>
internal sealed class ResponseWriter(PipeWriter output, int maxAhead)
{
    /// <summary>The first error in the answer written last.</summary>
    public ErrorCode FirstError { get; private set; }

    /// <summary>Writes one answer and waits until the client takes it; false when the client is gone.</summary>
    public ValueTask<bool> WriteAsync(RequestHeader request, IKafkaWritable response, TimeSpan throttle, CancellationToken cancellation)
    {
        if (response is FetchResponse fetched && fetched.RecordBytes > maxAhead)
        {
            return WriteInPiecesAsync(request, response, throttle, cancellation);
        }

        // The size is not known yet: its place is kept, and filled in before the pipe may send it.
        Memory<byte> size = output.GetMemory(sizeof(int))[..sizeof(int)];
        output.Advance(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(size.Span, checked((int)WriteTo(output, request, response, throttle, gaps: null)));
        return FlushAsync(cancellation);
    }

    /// <summary>Writes a bare token, as the first form of SASL sends it; false when the client is gone.</summary>
    public ValueTask<bool> WriteTokenAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
    {
        WriteSize(token.Length);
        output.Write(token.Span);
        return FlushAsync(cancellation);
    }

    private async ValueTask<bool> WriteInPiecesAsync(RequestHeader request, IKafkaWritable response, TimeSpan throttle, CancellationToken cancellation)
    {
        var frame = new ArrayBufferWriter<byte>();
        var gaps = new List<RecordGap>();
        WriteTo(frame, request, response, throttle, gaps);
        WriteSize(checked(frame.WrittenCount + gaps.Sum(gap => gap.Records.Length)));
        int written = 0;
        foreach (RecordGap gap in gaps)
        {
            output.Write(frame.WrittenSpan[written..gap.At]);
            written = gap.At;
            if (!await WriteRecordsAsync(gap.Records, cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        output.Write(frame.WrittenSpan[written..]);
        return await FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask<bool> WriteRecordsAsync(IRecordSource records, CancellationToken cancellation)
    {
        for (int from = 0; from < records.Length; from += maxAhead)
        {
            int piece = Math.Min(records.Length - from, maxAhead);
            records.Read(from, output.GetSpan(piece)[..piece]);
            output.Advance(piece);
            if (!await FlushAsync(cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes header and body; returns their size, without the records that went into gaps.</summary>
    private long WriteTo(IBufferWriter<byte> target, RequestHeader request, IKafkaWritable response, TimeSpan throttle, List<RecordGap>? gaps)
    {
        var writer = new KafkaWriter(target, request.Version, FlexibleVersions.Contains(request.Key, request.Version), (int)throttle.TotalMilliseconds, gaps);
        writer.WriteInt32(request.CorrelationId);
        if (FlexibleVersions.HasFlexibleResponseHeader(request.Key, request.Version))
        {
            writer.WriteNoTags();
        }

        response.Write(ref writer);
        writer.Flush();
        FirstError = writer.FirstError;
        return writer.Written;
    }

    private void WriteSize(int size)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), size);
        output.Advance(sizeof(int));
    }

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation) => !(await output.FlushAsync(cancellation).ConfigureAwait(false)).IsCompleted;
}
