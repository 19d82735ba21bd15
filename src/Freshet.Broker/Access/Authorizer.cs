using Freshet.Broker.Connections;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Access;

/// <summary>Decides whether a client may do what it asks. Safe for any thread.</summary>
internal sealed class Authorizer
{
    /// <summary>The one resource that stands for the cluster as a whole.</summary>
    public const string ClusterName = "kafka-cluster";

    private readonly AuthorizerOptions _options;
    private readonly ILogger _logger;
    private readonly HashSet<Principal> _superUsers;
    private volatile AclRules _rules = AclRules.None;

    /// <exception cref="ArgumentException">A super user is not written as <c>User:name</c>.</exception>
    public Authorizer(AuthorizerOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _superUsers = options.SuperUsers.Select(text => Principal.Parse(text)
            ?? throw new ArgumentException($"'{text}' in {nameof(AuthorizerOptions.SuperUsers)} must be written as User:name.", nameof(options))).ToHashSet();
    }

    /// <summary>Whether there are rules; without them everything is allowed.</summary>
    public bool IsOn => _options.IsOn;

    public AclRules Rules
    {
        get => _rules;
        set => _rules = value;
    }

    public bool Allows(Peer peer, AclOperation operation, AclResourceType type, string name)
    {
        if (!IsOn || _superUsers.Contains(peer.Principal))
        {
            return true;
        }

        bool allows = Means(_rules.Judge(peer.Principal, peer.Host, operation, type, name));
        if (!allows)
        {
            BrokerLog.Denied(_logger, peer.Principal, peer.Host, operation, type, name);
        }

        return allows;
    }

    /// <summary>Whether there may be a resource of the type on which the operation is allowed.</summary>
    public bool AllowsOnAny(Peer peer, AclOperation operation, AclResourceType type) =>
        !IsOn || _superUsers.Contains(peer.Principal) || Means(_rules.JudgeAny(peer.Principal, peer.Host, operation, type));

    private bool Means(AclVerdict verdict) => verdict == AclVerdict.Allowed || (verdict == AclVerdict.NoRule && _options.AllowsEveryoneWithoutRules);
}
