using System.Buffers;
using Freshet.Coordination.Requests.Writes;

namespace Freshet.Coordination.Connections;

/// <summary>A request that cannot be answered yet: a write on its way through the log, or anything behind one.</summary>
/// <param name="Write">The write, or null.</param>
/// <param name="Body">Otherwise what followed the request's header, in a pooled array.</param>
/// <param name="Length">Length of the body.</param>
/// <param name="Mark">Which request it is.</param>
internal readonly record struct WaitingRequest(OperationReply? Write, byte[]? Body, int Length, RequestMark Mark)
{
    public bool IsWrite => Body is null;

    /// <summary>Returns the body's array. Not to be used after this.</summary>
    public void Release()
    {
        if (Body is not null)
        {
            ArrayPool<byte>.Shared.Return(Body);
        }
    }
}
