using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>Answers the requests that need no log, from the applied state.</summary>
internal sealed class ReadProcessor(CoordinationServer server)
{
    /// <summary>Answers one request.</summary>
    /// <param name="body">What follows the header.</param>
    public void Answer(ClientConnection connection, in RequestHeader header, ReadOnlySpan<byte> body)
    {
        var request = new JuteReader(body);
        JuteWriter writer = connection.Sender.Unsent;
        int start = writer.BeginFrame();
        // The error is known only after the body, so the header is written a second time when there is one.
        new ReplyHeader(header.Xid, ZxidFor(header.Type, ErrorCode.Ok), ErrorCode.Ok).Write(writer);
        ErrorCode error = TryAnswer(connection, header.Type, ref request, ref start);
        if (error != ErrorCode.Ok)
        {
            writer.Truncate(start);
            writer.BeginFrame();
            new ReplyHeader(header.Xid, ZxidFor(header.Type, error), error).Write(writer);
        }

        writer.EndFrame(start);
        server.Connections.MarkDirty(connection);
        if (error is ErrorCode.Unimplemented or ErrorCode.AuthFailed or ErrorCode.SessionClosedRequireSaslAuth)
        {
            connection.Close();
        }
    }

    private long ZxidFor(OpCode type, ErrorCode error) =>
        error == ErrorCode.Unimplemented ? -1 : type is OpCode.Auth or OpCode.Sasl ? 0 : server.State.LastZxid;

    private ErrorCode TryAnswer(ClientConnection connection, OpCode type, ref JuteReader request, ref int start)
    {
        var context = new ReadContext(server.State, server.Watches, connection);
        try
        {
            if (type is OpCode.SetWatches or OpCode.SetWatches2)
            {
                SetWatches(context, ref request, withPersistent: type == OpCode.SetWatches2, ref start);
                return ErrorCode.Ok;
            }

            return ReadRequests.Answer(type, context, ref request, connection.Sender.Unsent);
        }
        catch (JuteException)
        {
            return ErrorCode.MarshallingError;
        }
    }

    /// <summary>The events of setWatches go out before its reply, so the reply's frame begins only behind them.</summary>
    private void SetWatches(in ReadContext context, ref JuteReader request, bool withPersistent, ref int start)
    {
        JuteWriter writer = context.Connection.Sender.Unsent;
        writer.Truncate(start);
        bool? replayed = SetWatchesRequest.Answer(context, ref request, withPersistent);
        start = writer.BeginFrame();
        new ReplyHeader(ReservedXid.SetWatches, server.State.LastZxid, ErrorCode.Ok).Write(writer);
        if (replayed is bool complete)
        {
            writer.WriteBool(complete);
        }
    }
}
