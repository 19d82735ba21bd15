using System.Buffers.Binary;
using System.IO.Pipelines;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Connections;

/// <summary>Writes answers straight into a connection's output.</summary>
internal sealed class ResponseWriter(PipeWriter output)
{
    /// <summary>The first error in the answer written last.</summary>
    public ErrorCode FirstError { get; private set; }

    /// <summary>Writes one answer and waits until the client takes it; false when the client is gone.</summary>
    public async ValueTask<bool> WriteAsync(RequestHeader request, IKafkaWritable response, TimeSpan throttle, CancellationToken cancellation)
    {
        WriteFrame(request, response, throttle);
        return !(await output.FlushAsync(cancellation).ConfigureAwait(false)).IsCompleted;
    }

    /// <summary>Writes a bare token, as the first form of SASL sends it; false when the client is gone.</summary>
    public async ValueTask<bool> WriteTokenAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), token.Length);
        output.Advance(sizeof(int));
        return !(await output.WriteAsync(token, cancellation).ConfigureAwait(false)).IsCompleted;
    }

    private void WriteFrame(RequestHeader request, IKafkaWritable response, TimeSpan throttle)
    {
        // The size is not known yet: its place is kept, and filled in before the pipe may send it.
        Memory<byte> size = output.GetMemory(sizeof(int))[..sizeof(int)];
        output.Advance(sizeof(int));
        var writer = new KafkaWriter(output, request.Version, FlexibleVersions.Contains(request.Key, request.Version), (int)throttle.TotalMilliseconds);
        writer.WriteInt32(request.CorrelationId);
        if (FlexibleVersions.HasFlexibleResponseHeader(request.Key, request.Version))
        {
            writer.WriteNoTags();
        }

        response.Write(ref writer);
        writer.Flush();
        FirstError = writer.FirstError;
        BinaryPrimitives.WriteInt32BigEndian(size.Span, checked((int)writer.Written));
    }
}
