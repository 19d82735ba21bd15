using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Freshet.Coordination.Client.Connection;

/// <summary>A TCP connection as a pair of pipes.</summary>
internal sealed class SocketTransport : IDuplexPipe, IDisposable
{
    private readonly Stream _stream;

    private SocketTransport(Stream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <param name="tls">Changes the settings of a TLS connection; null for none.</param>
    public static async ValueTask<SocketTransport> ConnectAsync(
        DnsEndPoint server, Action<SslClientAuthenticationOptions>? tls, CancellationToken cancellation)
    {
        // Small requests must not wait for the ones before to be acknowledged.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new SocketTransport(tls is null ? stream : await SecureAsync(stream, server.Host, tls, cancellation).ConfigureAwait(false));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    private static async ValueTask<SslStream> SecureAsync(
        NetworkStream stream, string host, Action<SslClientAuthenticationOptions> configure, CancellationToken cancellation)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        configure(options);
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
        return secure;
    }
}
