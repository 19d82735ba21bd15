using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Connections;

/// <summary>Which request it was, and when it came.</summary>
/// <param name="Xid">The client's number of the request.</param>
/// <param name="Type">What it asked for.</param>
/// <param name="ReceivedAt">Microseconds on the <see cref="BatchClock"/>.</param>
internal readonly record struct RequestMark(int Xid, OpCode Type, long ReceivedAt)
{
    public RequestHeader Header => new(Xid, Type);
}
