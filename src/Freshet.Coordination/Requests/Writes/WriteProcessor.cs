using Freshet.Coordination.Access;
using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests.Containers;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>Decides writes, against the tree and all that is in flight, and proposes what they change as transactions.</summary>
internal sealed class WriteProcessor(CoordinationServer server) : IDisposable
{
    private readonly QuotaCheck _quotas = new(server.Options.EnforceQuota, server.Log);

    // Bodies of replies to writes, while one transaction is applied.
    private readonly JuteWriter _results = new(4096);

    /// <summary>Decides a client's write; the answer waits in line until it is applied.</summary>
    /// <param name="body">What follows the header.</param>
    public void Decide(ClientConnection connection, in RequestHeader header, ReadOnlySpan<byte> body)
    {
        Session session = connection.Session!;
        WriteOperation[] operations = [];
        ErrorCode error = session.IsClosing ? ErrorCode.SessionExpired : ErrorCode.Ok;
        try
        {
            var request = new JuteReader(body);
            operations = WriteDecoder.Read(header.Type, ref request);
        }
        catch (JuteException)
        {
            error = ErrorCode.MarshallingError;
        }

        Decide(session, operations, connection, header.Xid, header.Type == OpCode.Multi, error);
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
