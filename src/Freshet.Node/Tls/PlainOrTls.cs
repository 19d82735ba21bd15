using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Node.Tls;

/// <summary>
/// One port for clients with TLS and without: the first byte tells. A TLS handshake begins with 0x16, a frame of ZooKeeper's with the
/// upper byte of a sane length, 0, and a four-letter word with a letter.
/// </summary>
internal sealed class PlainOrTls(ConnectionDelegate secure, ConnectionDelegate plain, TimeSpan patience)
{
    private const byte TlsHandshakeRecord = 0x16;

    public async Task ServeAsync(ConnectionContext connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        limit.CancelAfter(patience);
        PipeReader input = connection.Transport.Input;
        ReadResult read;
        try
        {
            read = await input.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // it said nothing, and is closed
        }

        bool isTls = !read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] == TlsHandshakeRecord;
        input.AdvanceTo(read.Buffer.Start);
        await (isTls ? secure : plain)(connection).ConfigureAwait(false);
    }
}
