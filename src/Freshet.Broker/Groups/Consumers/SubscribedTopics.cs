using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>What the subscriptions of a group mean in one view of the cluster.</summary>
internal sealed class SubscribedTopics
{
    private readonly Dictionary<string, Guid[]> _matches = [];
    private long? _fingerprint;

    public SubscribedTopics(ClusterView view, IEnumerable<ConsumerMember> members)
    {
        View = view;
        var names = new HashSet<string>();
        foreach (ConsumerMember member in members)
        {
            names.UnionWith(member.Subscription.TopicNames);
            if (member.Subscription.TopicRegex is { } regex && !_matches.ContainsKey(regex))
            {
                TopicPattern? pattern = TopicPattern.TryParse(regex, out _);
                _matches[regex] = [.. view.Topics.Values
                    .Where(topic => !topic.IsInternal && pattern?.Matches(topic.Name) == true && member.MayKnow(topic.Name))
                    .Select(topic => topic.Id)];
            }
        }

        Partitions = names.Select(view.Find).OfType<Topic>()
            .Concat(_matches.Values.SelectMany(ids => ids).Select(id => view.Find(id)!))
            .DistinctBy(topic => topic.Id)
            .ToDictionary(topic => topic.Id, topic => topic.PartitionCount);
    }

    public ClusterView View { get; }

    /// <summary>Number of partitions of each topic that somebody wants and that exists.</summary>
    public IReadOnlyDictionary<Guid, int> Partitions { get; }

    /// <summary>Differs when partitions would be dealt out differently; stored, and so the same in every process.</summary>
    public long Fingerprint => _fingerprint ??= ComputeFingerprint();

    /// <summary>Topics of one member that exist.</summary>
    public HashSet<Guid> TopicsOf(MemberSubscription subscription) =>
        [.. subscription.TopicNames.Select(View.Find).OfType<Topic>().Select(topic => topic.Id), .. subscription.TopicRegex is { } regex ? _matches[regex] : []];

    private long ComputeFingerprint()
    {
        IEnumerable<string> parts = Partitions.Select(topic => string.Create(CultureInfo.InvariantCulture, $"{topic.Key}={topic.Value}"))
            .Concat(_matches.SelectMany(match => match.Value.Select(id => $"{id}~{match.Key}")));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Order(StringComparer.Ordinal))));
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
