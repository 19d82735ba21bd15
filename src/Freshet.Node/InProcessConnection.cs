using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Node;

/// <summary>A connection between a client and a service of the same process: two pipes instead of a socket.</summary>
internal static class InProcessConnection
{
    /// <summary>Opens the connection; the service serves its end until the client closes.</summary>
    public static IDuplexPipe Open(ConnectionDelegate service)
    {
        var toService = new Pipe();
        var toClient = new Pipe();
        var clientEnd = new DuplexPipe(toClient.Reader, toService.Writer);
        var serviceEnd = new DefaultConnectionContext(Guid.NewGuid().ToString("N"), new DuplexPipe(toService.Reader, toClient.Writer), clientEnd);
        _ = ServeAsync(service, serviceEnd);
        return clientEnd;
    }

    private static async Task ServeAsync(ConnectionDelegate service, DefaultConnectionContext connection)
    {
        Exception? failure = null;
        try
        {
            await service(connection).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ConnectionAbortedException or OperationCanceledException or IOException)
        {
            failure = exception;
        }
        finally
        {
            // What a socket does when its process is done with it: the other side reads the end.
            await connection.Transport.Input.CompleteAsync(failure).ConfigureAwait(false);
            await connection.Transport.Output.CompleteAsync(failure).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
