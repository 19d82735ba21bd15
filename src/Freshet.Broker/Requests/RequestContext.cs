using System.Net;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Requests;

/// <summary>One request on its way through the broker.</summary>
/// <param name="header">Its header.</param>
/// <param name="frame">All its bytes, header included; pooled, valid until the handler is done.</param>
/// <param name="client">Address it came from; null when it came from the same process.</param>
internal sealed class RequestContext(RequestHeader header, Memory<byte> frame, IPAddress? client)
{
    public RequestHeader Header { get; } = header;

    public short Version => Header.Version;

    public Memory<byte> Frame { get; } = frame;

    public string ClientHost => $"/{client ?? IPAddress.Loopback}";

    /// <summary>Set by a handler to close the connection after its answer, if any (Kafka does so for a failed acks=0 produce).</summary>
    public bool CloseConnection { get; set; }
}
