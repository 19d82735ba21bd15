using System.Globalization;
using Freshet.Broker.Cluster.Brokers;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Cluster.Topics;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster;

/// <summary>Reads and writes the cluster's znodes.</summary>
internal sealed class ClusterStore(CoordinationClient coordination, ILogger logger)
{
    private volatile CoordinationClient _coordination = coordination;

    public CoordinationClient Coordination => _coordination;

    /// <summary>Goes on with a new session, because the old one is over.</summary>
    public void Use(CoordinationClient reopened) => _coordination = reopened;

    /// <summary>Creates the znodes that everything hangs under, a chroot included, as Kafka does.</summary>
    public async ValueTask CreateRootsAsync(CancellationToken cancellation)
    {
        await _coordination.CreateChrootAsync(cancellation).ConfigureAwait(false);
        // All at once: the service takes the requests of a session in their order.
        await Task.WhenAll(ClusterPaths.Roots.Select(root => TryCreateAsync(root, default, CreateMode.Persistent, cancellation).AsTask())).ConfigureAwait(false);
    }

    /// <summary>The cluster's id, made by the first broker.</summary>
    public async ValueTask<string> ClusterIdAsync(CancellationToken cancellation)
    {
        string created = KafkaUuid.ToText(Guid.NewGuid());
        if (await TryCreateAsync(ClusterPaths.ClusterId, ZnodeJson.Write(new ClusterIdNode(created)), CreateMode.Persistent, cancellation).ConfigureAwait(false))
        {
            return created;
        }

        ZnodeData node = await _coordination.GetDataAsync(ClusterPaths.ClusterId, cancellation: cancellation).ConfigureAwait(false);
        return Parse<ClusterIdNode>(ClusterPaths.ClusterId, node.Data)?.Id
            ?? throw new InvalidDataException($"{ClusterPaths.ClusterId} does not hold a cluster id.");
    }

    /// <summary>Creates a topic with its settings in one step; false when one of that name exists.</summary>
    public async ValueTask<bool> CreateTopicAsync(Topic topic, CancellationToken cancellation)
    {
        string path = ClusterPaths.Topic(topic.Name);
        string configPath = ClusterPaths.TopicConfig(topic.Name);
        byte[] config = ZnodeJson.Write(new ConfigNode(new Dictionary<string, string>(topic.Settings.Values)));
        if (await TryCommitAsync(new CoordinationTransaction().Create(configPath, config).Create(path, TopicData(topic)), cancellation).ConfigureAwait(false))
        {
            return true;
        }

        // Settings without a topic may be left over, as they are from Apache Kafka; the topic's own znode decides.
        return await _coordination.ExistsAsync(path, cancellation: cancellation).ConfigureAwait(false) is null
            && await TryCommitAsync(new CoordinationTransaction().SetData(configPath, config).Create(path, TopicData(topic)), cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a topic's new partitions; false when the topic changed since it was read.</summary>
    public async ValueTask<bool> GrowTopicAsync(Topic grown, CancellationToken cancellation)
    {
        string path = ClusterPaths.Topic(grown.Name);
        ZnodeData node = await _coordination.GetDataAsync(path, cancellation: cancellation).ConfigureAwait(false);
        Topic? now = ParseTopic(grown.Name, node.Data, TopicSettings.None);
        if (now is null || now.Id != grown.Id || now.PartitionCount >= grown.PartitionCount)
        {
            return false;
        }

        await _coordination.SetDataAsync(path, TopicData(grown), node.Stat.Version, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes a topic with its settings in one step; false when there is none.</summary>
    public async ValueTask<bool> DeleteTopicAsync(string name, CancellationToken cancellation)
    {
        string path = ClusterPaths.Topic(name);
        return await TryCommitAsync(new CoordinationTransaction().Delete(ClusterPaths.TopicConfig(name)).Delete(path), cancellation).ConfigureAwait(false)
            || await TryCommitAsync(new CoordinationTransaction().Delete(path), cancellation).ConfigureAwait(false);
    }

    /// <summary>The settings made on a topic.</summary>
    public async ValueTask<TopicSettings> SettingsAsync(string topic, CancellationToken cancellation)
    {
        string path = ClusterPaths.TopicConfig(topic);
        if (await TryReadAsync(path, cancellation).ConfigureAwait(false) is not { } node)
        {
            return TopicSettings.None;
        }

        TopicSettings settings = TopicSettings.Of(Parse<ConfigNode>(path, node.Data)?.Config ?? []);
        // Settings of another Kafka's making may not be known here; what is known holds.
        return settings.Problem() is null
            ? settings
            : TopicSettings.Of(settings.Values.Where(value => TopicSettings.Of([value]).Problem() is null));
    }

    /// <summary>The broker behind a znode's data, or null when it cannot be read.</summary>
    public LivingBroker? ParseBroker(int id, byte[]? data)
    {
        if (Parse<BrokerNode>(ClusterPaths.Broker(id), data) is not { } node)
        {
            return null;
        }

        var endpoints = new Dictionary<string, BrokerEndpoint>();
        foreach (string endpoint in node.Endpoints ?? [])
        {
            if (ListenerAddress.TryParse(endpoint, out ListenerAddress address))
            {
                endpoints[address.Name] = new BrokerEndpoint(id, address.Host, address.Port);
            }
        }

        if (endpoints.Count == 0 && node.Host is { } host)
        {
            endpoints[BrokerListener.DefaultName] = new BrokerEndpoint(id, host, node.Port);
        }

        return new LivingBroker(id, endpoints);
    }

    /// <summary>The topic behind a znode's data, or null when it cannot be read.</summary>
    public Topic? ParseTopic(string name, byte[]? data, TopicSettings settings)
    {
        string path = ClusterPaths.Topic(name);
        if (Parse<TopicNode>(path, data) is not { TopicId: { } id, Partitions: { } partitions })
        {
            return null;
        }

        try
        {
            IReadOnlyList<int>[] replicas = new IReadOnlyList<int>[partitions.Count];
            foreach ((string index, int[] brokers) in partitions)
            {
                replicas[int.Parse(index, CultureInfo.InvariantCulture)] = brokers;
            }

            return replicas.Contains(null) ? throw new FormatException("A partition is missing.") : new Topic(name, KafkaUuid.Parse(id), replicas, settings);
        }
        catch (Exception malformed) when (malformed is FormatException or IndexOutOfRangeException or OverflowException)
        {
            BrokerLog.UnreadableZnode(logger, path, malformed);
            return null;
        }
    }

    /// <summary>Reads a znode; null when there is none.</summary>
    public ValueTask<ZnodeData?> TryReadAsync(string path, CancellationToken cancellation) =>
        _coordination.TryGetDataAsync(path, cancellation: cancellation);

    /// <summary>Creates a znode; false when it is there already.</summary>
    public ValueTask<bool> TryCreateAsync(string path, ReadOnlyMemory<byte> data, CreateMode mode, CancellationToken cancellation) =>
        _coordination.TryCreateAsync(path, data, mode, cancellation: cancellation);

    /// <summary>Reads a znode's data; null when there is none or it cannot be read.</summary>
    public T? Parse<T>(string path, byte[]? data)
        where T : class, IZnodeData<T>
    {
        try
        {
            return data is null ? null : ZnodeJson.Read<T>(data);
        }
        catch (InvalidDataException malformed)
        {
            BrokerLog.UnreadableZnode(logger, path, malformed);
            return null;
        }
    }

    private static byte[] TopicData(Topic topic) => ZnodeJson.Write(
        new TopicNode(
            3, KafkaUuid.ToText(topic.Id),
            topic.Replicas.Select((brokers, index) => (brokers, index)).ToDictionary(
                partition => partition.index.ToString(CultureInfo.InvariantCulture), partition => partition.brokers.ToArray())));

    /// <summary>Commits; false when a znode is there that should not be, or the other way round.</summary>
    private async ValueTask<bool> TryCommitAsync(CoordinationTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            await _coordination.CommitAsync(transaction, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException conflict) when (conflict.Error is ErrorCode.NodeExists or ErrorCode.NoNode)
        {
            return false;
        }
    }
}
