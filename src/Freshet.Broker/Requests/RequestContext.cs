using Freshet.Broker.Access;
using Freshet.Broker.Connections;
using Freshet.Broker.Quotas;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>One request on its way through the broker.</summary>
/// <param name="header">Its header.</param>
/// <param name="frame">All its bytes, header included; pooled, valid until the handler is done.</param>
/// <param name="peer">Who sent it.</param>
internal sealed class RequestContext(RequestHeader header, Memory<byte> frame, Peer peer, Authorizer authorizer, ClientQuotas quotas)
{
    public RequestHeader Header { get; } = header;

    public Peer Peer { get; } = peer;

    public short Version => Header.Version;

    public Memory<byte> Frame { get; } = frame;

    public string ClientHost => $"/{Peer.Host}";

    /// <summary>Whether the client may do this to the resource of that name.</summary>
    public bool Allows(AclOperation operation, AclResourceType type, string name) => authorizer.Allows(Peer, operation, type, name);

    /// <summary>Whether the client may do this to some resource of the type.</summary>
    public bool AllowsOnAny(AclOperation operation, AclResourceType type) => authorizer.AllowsOnAny(Peer, operation, type);

    /// <summary>How long the client is asked to send nothing, because it is over a quota.</summary>
    public TimeSpan Throttle { get; private set; }

    public void HoldBack(TimeSpan wait) => Throttle = wait > Throttle ? wait : Throttle;

    /// <summary>Most bytes of records that the client's quota lets pass in one answer.</summary>
    public long MaxFetched => quotas.MaxFetched(Peer, Header.ClientId);

    /// <summary>Counts partitions to create or delete towards the client's quota; false when it must come again later.</summary>
    /// <param name="strict">Whether the version of the request knows that answer; older ones are only held back.</param>
    public bool MayChangePartitions(int count, bool strict)
    {
        TimeSpan until = strict ? quotas.UntilMutation(Peer, Header.ClientId) : TimeSpan.Zero;
        HoldBack(until > TimeSpan.Zero ? until : quotas.OfMutations(Peer, Header.ClientId, count));
        return until == TimeSpan.Zero;
    }

    /// <summary>Set by a handler to close the connection after its answer, if any (Kafka does so for a failed acks=0 produce).</summary>
    public bool CloseConnection { get; set; }
}
