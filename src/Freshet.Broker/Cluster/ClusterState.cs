using System.Collections.Concurrent;
using System.Globalization;
using Freshet.Broker.Cluster.Brokers;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Partitions;
using Freshet.Coordination.Client;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster;

/// <summary>
/// The newest view of brokers and topics, kept by watches, and the partitions that follow from it: those placed on this broker
/// are opened, those of deleted topics go. Changes are applied one at a time.
/// </summary>
internal sealed class ClusterState : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly ClusterStore _store;
    private readonly PartitionRegistry _partitions;
    private readonly BrokerOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _applying = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _topicWatches = new();
    private Task _watching = Task.CompletedTask;
    private volatile ClusterView _view = ClusterView.Empty;
    private volatile TopicDefaults _defaults;
    private volatile ConnectionSettings _connections;

    public ClusterState(ClusterStore store, PartitionRegistry partitions, BrokerOptions options, ILogger logger)
    {
        _store = store;
        _partitions = partitions;
        _options = options;
        _defaults = new TopicDefaults(NoSettings, NoSettings, options.TopicDefaults);
        _connections = new ConnectionSettings(NoSettings, NoSettings, options);
        _logger = logger;
    }

    public ClusterView View => _view;

    /// <summary>What holds for topics that do not set something.</summary>
    public TopicDefaults Defaults => _defaults;

    /// <summary>What limits connections to this broker.</summary>
    public ConnectionSettings Connections => _connections;

    /// <summary>Reads everything once, then follows the changes. Called again when a new session replaces one that is over.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        ZnodeChildren brokers = await _store.Coordination.GetChildrenAsync(ClusterPaths.Brokers, cancellation: cancellation).ConfigureAwait(false);
        await ApplyBrokersAsync(brokers.Names, cancellation).ConfigureAwait(false);
        await RefreshSettingsAsync(cancellation).ConfigureAwait(false);
        ZnodeChildren topics = await _store.Coordination.GetChildrenAsync(ClusterPaths.Topics, cancellation: cancellation).ConfigureAwait(false);
        foreach (string name in topics.Names.Union(_view.Topics.Keys))
        {
            await RefreshTopicAsync(name, cancellation).ConfigureAwait(false);
        }

        _watching = Task.WhenAll(
            _watching,
            FollowAsync(ClusterPaths.Brokers, ApplyBrokersAsync),
            FollowAsync(ClusterPaths.Topics, WatchNewTopicsAsync),
            FollowSettingsAsync(ClusterPaths.AllBrokersConfig),
            FollowSettingsAsync(ClusterPaths.BrokerConfig(_options.BrokerId)));
    }

    /// <summary>Reads one topic and applies what it is now; what this broker changed itself is then visible at once.</summary>
    public async ValueTask RefreshTopicAsync(string name, CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            byte[]? data = (await _store.TryReadAsync(ClusterPaths.Topic(name), cancellation).ConfigureAwait(false))?.Data;
            TopicSettings settings = data is null ? TopicSettings.None : await _store.SettingsAsync(name, cancellation).ConfigureAwait(false);
            ApplyTopic(name, data is null ? null : _store.ParseTopic(name, data, settings));
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Reads the settings of brokers and has connections and every partition work by them.</summary>
    public async ValueTask RefreshSettingsAsync(CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var configs = new ConfigStore(_store);
            (Dictionary<string, string> own, _) = await configs.ReadAsync(ClusterPaths.BrokerConfig(_options.BrokerId), cancellation).ConfigureAwait(false);
            (Dictionary<string, string> all, _) = await configs.ReadAsync(ClusterPaths.AllBrokersConfig, cancellation).ConfigureAwait(false);
            _defaults = new TopicDefaults(own, all, _options.TopicDefaults);
            _connections = new ConnectionSettings(own, all, _options);
            foreach (Topic topic in _view.Topics.Values)
            {
                OpenPartitions(topic);
            }
        }
        finally
        {
            _applying.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await Task.WhenAll(_topicWatches.Values).ConfigureAwait(false);
        _stopping.Dispose();
        _applying.Dispose();
    }

    private void ApplyTopic(string name, Topic? topic)
    {
        Topic? old = _view.Find(name);
        if (old is not null && old.Id != topic?.Id)
        {
            _view = _view.Without(name);
            for (int partition = 0; partition < old.PartitionCount; partition++)
            {
                _partitions.Delete(name, partition);
            }
        }

        if (topic is not null)
        {
            // Partitions first: a client that sees the topic must find them.
            OpenPartitions(topic);
            _view = _view.With(topic);
        }
    }

    private void OpenPartitions(Topic topic)
    {
        PartitionOptions options = new PartitionSettings(topic.Settings, _defaults).Apply(PartitionOptions.Of(_options));
        for (int partition = 0; partition < topic.PartitionCount; partition++)
        {
            if (!topic.HasReplica(partition, _options.BrokerId))
            {
                continue;
            }

            try
            {
                _partitions.GetOrCreate(topic.Name, partition, topic.Id, options);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                BrokerLog.PartitionFailed(_logger, topic.Name, partition, failure);
            }
        }
    }

    private async ValueTask ApplyBrokersAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var brokers = new List<LivingBroker>();
        foreach (string name in names)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && await _store.TryReadAsync(ClusterPaths.Broker(id), cancellation).ConfigureAwait(false) is { Data: { } data }
                && _store.ParseBroker(id, data) is { } broker)
            {
                brokers.Add(broker);
            }
        }

        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        _view = _view.WithBrokers(brokers);
        _applying.Release();
    }

    private ValueTask WatchNewTopicsAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        foreach (string name in names)
        {
            _topicWatches.GetOrAdd(name, FollowTopicAsync);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Follows one topic until it is deleted.</summary>
    private async Task FollowTopicAsync(string name)
    {
        await Task.Yield(); // The watch is registered before it can end.
        bool deleted = await TryFollowTopicAsync(name).ConfigureAwait(false);
        _topicWatches.TryRemove(name, out _);
        if (deleted && _view.Find(name) is not null)
        {
            _ = _topicWatches.GetOrAdd(name, FollowTopicAsync); // Created again just as its deletion was seen.
        }
    }

    /// <summary>Follows a topic; true when it was deleted, false when it can be followed no longer.</summary>
    private async ValueTask<bool> TryFollowTopicAsync(string name)
    {
        try
        {
            await foreach (ZnodeData? node in _store.Coordination.WatchDataAsync(ClusterPaths.Topic(name), _stopping.Token).ConfigureAwait(false))
            {
                await RefreshTopicAsync(name, _stopping.Token).ConfigureAwait(false);
                if (node is null && _view.Find(name) is null)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (CoordinationException failure)
        {
            BrokerLog.WatchFailed(_logger, ClusterPaths.Topic(name), failure);
        }

        return false;
    }

    private async Task FollowSettingsAsync(string path)
    {
        try
        {
            await foreach (ZnodeData? _ in _store.Coordination.WatchDataAsync(path, _stopping.Token).ConfigureAwait(false))
            {
                await RefreshSettingsAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (CoordinationException failure)
        {
            BrokerLog.WatchFailed(_logger, path, failure);
        }
    }

    private async Task FollowAsync(string path, Func<IReadOnlyList<string>, CancellationToken, ValueTask> apply)
    {
        try
        {
            await foreach (ZnodeChildren? children in _store.Coordination.WatchChildrenAsync(path, _stopping.Token).ConfigureAwait(false))
            {
                await apply(children?.Names ?? [], _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (CoordinationException failure)
        {
            BrokerLog.WatchFailed(_logger, path, failure);
        }
    }
}
