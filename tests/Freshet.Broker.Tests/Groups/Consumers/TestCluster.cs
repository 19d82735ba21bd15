using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;

namespace Freshet.Broker.Tests.Groups.Consumers;

/// <summary>Views of a cluster that exists on paper.</summary>
internal static class TestCluster
{
    public static ClusterView Of(params (string Name, int Partitions)[] topics) =>
        topics.Aggregate(ClusterView.Empty, (view, topic) => view.WithTopic(topic.Name, topic.Partitions));

    /// <summary>The view with a topic more, or with one that has grown.</summary>
    public static ClusterView WithTopic(this ClusterView view, string name, int partitions) => view.With(new Topic(
        name, view.Find(name)?.Id ?? Guid.NewGuid(), [.. Enumerable.Range(0, partitions).Select(_ => (IReadOnlyList<int>)[1])], TopicSettings.None));
}
