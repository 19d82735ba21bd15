using Freshet.Coordination.Access;
using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests.Containers;
using Freshet.Coordination.Requests.Reads;
using Freshet.Coordination.Requests.Watches;
using Freshet.Coordination.Requests.Writes;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests;

/// <summary>Takes each request of a connection with a session to its handler.</summary>
internal sealed class RequestProcessor(CoordinationServer server) : IDisposable
{
    private readonly QuotaCheck _quotas = new(server.Options.EnforceQuota, server.Log);

    // Bodies of replies to writes, while one transaction is applied.
    private readonly JuteWriter _results = new(4096);

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
            var request = new JuteReader(body);
            Decide(connection, header, ref request);
        }
        else if (connection.HasWaiting)
        {
            connection.Enqueue(body);
        }
        else
        {
            Answer(connection, header, body);
        }
    }

    /// <summary>Answers a request that needs no log, from the applied state.</summary>
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
        server.MarkDirty(connection);
        if (error is ErrorCode.Unimplemented or ErrorCode.AuthFailed or ErrorCode.SessionClosedRequireSaslAuth)
        {
            connection.Close();
        }
    }

    /// <summary>Proposes the end of a session: nothing more is accepted from it.</summary>
    public void CloseSession(Session session) => Decide(session, [new CloseSessionOperation()], null, 0, isMulti: false, ErrorCode.Ok);

    /// <summary>Proposes the removal of a container or TTL znode, unless it turns out to be in use.</summary>
    public bool RemoveUnused(string path, ContainerRule rule)
    {
        Moment at = server.Pipeline.Next();
        var context = new PrepareContext(server.Pipeline.Pending, Identities.Server, server.Schemes, Session: 0, _quotas, at);
        Change[] changes = Prepare(context, [new DeleteContainerOperation(path, rule)], out ErrorCode error, out _);
        if (error == ErrorCode.Ok)
        {
            server.Pipeline.Propose(new Transaction(changes, at));
        }

        return error == ErrorCode.Ok;
    }

    public void Dispose() => _results.Dispose();

    /// <summary>Answers a request that is not even looked at.</summary>
    private void Refuse(ClientConnection connection, int xid, long zxid, ErrorCode error)
    {
        int frame = connection.Sender.Unsent.BeginFrame();
        new ReplyHeader(xid, zxid, error).Write(connection.Sender.Unsent);
        connection.Sender.Unsent.EndFrame(frame);
        server.MarkDirty(connection);
    }

    private long ZxidFor(OpCode type, ErrorCode error) =>
        error == ErrorCode.Unimplemented ? -1 : type is OpCode.Auth or OpCode.Sasl ? 0 : server.State.LastZxid;

    private ErrorCode TryAnswer(ClientConnection connection, OpCode type, ref JuteReader request, ref int start)
    {
        try
        {
            var context = new ReadContext(server.State, server.Watches, connection);
            if (type is OpCode.SetWatches or OpCode.SetWatches2)
            {
                // Its events go out before its reply, so the reply's frame begins only behind them.
                JuteWriter writer = connection.Sender.Unsent;
                writer.Truncate(start);
                bool? replayed = SetWatchesRequest.Answer(context, ref request, withPersistent: type == OpCode.SetWatches2);
                start = writer.BeginFrame();
                new ReplyHeader(ReservedXid.SetWatches, server.State.LastZxid, ErrorCode.Ok).Write(writer);
                if (replayed is bool complete)
                {
                    writer.WriteBool(complete);
                }

                return ErrorCode.Ok;
            }

            return ReadRequests.Answer(type, context, ref request, connection.Sender.Unsent);
        }
        catch (JuteException)
        {
            return ErrorCode.MarshallingError;
        }
    }

    private void Decide(ClientConnection connection, RequestHeader header, ref JuteReader request)
    {
        Session session = connection.Session!;
        WriteOperation[] operations = [];
        ErrorCode error = session.IsClosing ? ErrorCode.SessionExpired : ErrorCode.Ok;
        try
        {
            operations = WriteDecoder.Read(header.Type, ref request);
        }
        catch (JuteException)
        {
            error = ErrorCode.MarshallingError;
        }

        Decide(session, operations, connection, header.Xid, header.Type == OpCode.Multi, error);
    }

    private void Decide(Session session, WriteOperation[] operations, ClientConnection? connection, int xid, bool isMulti, ErrorCode error)
    {
        Moment at = server.Pipeline.Next();
        var context = new PrepareContext(server.Pipeline.Pending, connection?.Identities ?? Identities.Server, server.Schemes, session.Id, _quotas, at);
        int failedIndex = 0;
        Change[] changes = error == ErrorCode.Ok ? Prepare(context, operations, out error, out failedIndex) : [new FailureChange(error)];
        OperationReply? reply = connection is null ? null : new OperationReply(connection, xid, operations, isMulti, error, failedIndex, _results);
        if (reply is not null)
        {
            connection!.Enqueue(reply);
        }

        if (operations is [CloseSessionOperation])
        {
            session.IsClosing = true;
            server.Expiry.Remove(session);
        }

        server.Pipeline.Propose(new Transaction(changes, at) { Reply = reply });
    }

    /// <summary>Decides all operations or none.</summary>
    private static Change[] Prepare(PrepareContext context, WriteOperation[] operations, out ErrorCode error, out int failedIndex)
    {
        var changes = new Change[operations.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            error = operations[i].Prepare(context, out Change? change);
            if (error != ErrorCode.Ok)
            {
                context.Pending.Rollback();
                failedIndex = i;
                return [new FailureChange(error)];
            }

            changes[i] = change!;
        }

        (error, failedIndex) = (ErrorCode.Ok, 0);
        return changes;
    }
}
