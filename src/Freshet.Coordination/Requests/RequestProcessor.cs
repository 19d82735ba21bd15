using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests.Reads;
using Freshet.Coordination.Requests.Writes;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests;

/// <summary>Takes each request of a connection with a session to where it is answered.</summary>
internal sealed class RequestProcessor(CoordinationServer server) : IDisposable
{
    public ReadProcessor Reads { get; } = new(server);

    public WriteProcessor Writes { get; } = new(server);

    /// <summary>Receives the next request. Writes are decided at once; anything else waits for the writes before it.</summary>
    /// <param name="body">What follows the header.</param>
    public void Receive(ClientConnection connection, in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (!connection.Identities.IsAdmitted && header.Type is not (OpCode.Auth or OpCode.Sasl))
        {
            server.Log.NotAuthenticated(connection.RemoteAddress);
            Refuse(connection, header.Xid, 0, ErrorCode.SessionClosedRequireSaslAuth);
            connection.Close();
        }
        else if (WriteDecoder.IsWrite(header.Type) && server.Writes.IsShut)
        {
            // Nothing is in flight while the gate is shut, so nothing of this connection waits in front.
            Refuse(connection, header.Xid, server.State.LastZxid, ErrorCode.NotReadOnly);
        }
        else if (WriteDecoder.IsWrite(header.Type))
        {
            Writes.Decide(connection, header, body);
        }
        else if (connection.Waiting.Count > 0)
        {
            connection.Enqueue(body);
        }
        else
        {
            Reads.Answer(connection, header, body);
        }
    }

    public void Dispose() => Writes.Dispose();

    /// <summary>Answers a request that is not even looked at.</summary>
    private void Refuse(ClientConnection connection, int xid, long zxid, ErrorCode error)
    {
        int frame = connection.Sender.Unsent.BeginFrame();
        new ReplyHeader(xid, zxid, error).Write(connection.Sender.Unsent);
        connection.Sender.Unsent.EndFrame(frame);
        server.Connections.MarkDirty(connection);
    }
}
