using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Coordination.Client.Connection;

/// <summary>A TCP connection as a pair of pipes.</summary>
internal sealed class SocketTransport : IDuplexPipe, IDisposable
{
    private readonly NetworkStream _stream;

    private SocketTransport(NetworkStream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public static async ValueTask<SocketTransport> ConnectAsync(DnsEndPoint server, CancellationToken cancellation)
    {
        // Small requests must not wait for the ones before to be acknowledged.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
            return new SocketTransport(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();
}
