using Freshet.Coordination.Connections;
using Freshet.Coordination.Transactions;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>The answer to a write: gathered while its changes are applied, sent after their events.</summary>
/// <param name="connection">Who waits.</param>
/// <param name="xid">The request's own number.</param>
/// <param name="operations">The operation asked for, or those of a multi.</param>
/// <param name="isMulti">Whether the answer has a multi's form.</param>
/// <param name="error">Why the write was refused.</param>
/// <param name="failedIndex">Which operation of a refused multi failed.</param>
/// <param name="results">Shared room for the body, used while one transaction is applied.</param>
internal sealed class OperationReply(
    ClientConnection connection, int xid, WriteOperation[] operations, bool isMulti, ErrorCode error, int failedIndex, JuteWriter results) : IPendingReply
{
    private long _zxid;
    private ErrorCode? _abandoned;

    public void Applied(int index, ReplicatedState state)
    {
        if (index == 0)
        {
            results.Clear();
        }

        if (error != ErrorCode.Ok)
        {
            return;
        }

        WriteOperation operation = operations[index];
        if (isMulti)
        {
            new MultiHeader(operation.ResultType, Done: false, 0).Write(results);
        }

        operation.WriteResult(results, state);
    }

    public void Send(Transaction transaction)
    {
        _zxid = transaction.At.Zxid;
        connection.Complete(this);
    }

    public void Abandon(ErrorCode error, long zxid)
    {
        (_abandoned, _zxid) = (error, zxid);
        connection.Complete(this);
    }

    public void WriteTo(JuteWriter writer)
    {
        int frame = writer.BeginFrame();
        if (_abandoned is ErrorCode reason)
        {
            new ReplyHeader(xid, _zxid, reason).Write(writer);
            writer.EndFrame(frame);
            return;
        }

        // A multi's own failure stands in its body; the header reports it only when the multi could not be read.
        bool failsInBody = isMulti && operations.Length > 0;
        new ReplyHeader(xid, _zxid, failsInBody ? ErrorCode.Ok : error).Write(writer);
        if (error == ErrorCode.Ok)
        {
            writer.WriteRaw(results.WrittenSpan);
        }
        else if (failsInBody)
        {
            WriteFailures(writer);
        }

        if (isMulti && (error == ErrorCode.Ok || failsInBody))
        {
            MultiHeader.End.Write(writer);
        }

        writer.EndFrame(frame);
    }

    private void WriteFailures(JuteWriter writer)
    {
        for (int i = 0; i < operations.Length; i++)
        {
            ErrorCode code = i < failedIndex ? ErrorCode.Ok : i == failedIndex ? error : ErrorCode.RuntimeInconsistency;
            new MultiHeader(OpCode.Error, Done: false, (int)code).Write(writer);
            writer.WriteInt32((int)code);
        }
    }
}
