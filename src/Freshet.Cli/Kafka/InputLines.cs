using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Freshet.Cli.Kafka;

/// <summary>Cuts a stream into lines and leaves their bytes as they are, whatever they mean. A line ends with LF or CR LF.</summary>
internal static class InputLines
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The lines; each is only valid until the next is taken.</summary>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> Of(Stream input, [EnumeratorCancellation] CancellationToken stop)
    {
        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize, minimumReadSize: BufferSize / 2));
        ReadResult read;
        do
        {
            // Reading from a terminal or a pipe cannot be cancelled, only be left alone.
            read = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(stop);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return WithoutReturn(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (read.IsCompleted && !rest.IsEmpty)
            {
                yield return rest;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }
        while (!read.IsCompleted);
    }

    private static ReadOnlySequence<byte> WithoutReturn(ReadOnlySequence<byte> line) =>
        !line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == '\r' ? line.Slice(0, line.Length - 1) : line;
}
