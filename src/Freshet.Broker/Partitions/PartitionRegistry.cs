using System.Collections.Concurrent;
using Freshet.Broker.Partitions.Upkeep;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>The partitions of this broker: those found in its data directory at the start, and those created since.</summary>
internal sealed class PartitionRegistry : IAsyncDisposable
{
    private readonly string _dataDirectory;
    private readonly PartitionOptions _defaults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<(string Topic, int Index), Partition> _partitions = new();
    private readonly ConcurrentDictionary<(string Topic, int Index), PartitionFolder> _damaged = new();
    private readonly ConcurrentDictionary<(string Topic, int Index), RefusedPartition> _refused = new();
    private readonly PartitionUpkeep _upkeep;
    private readonly PartitionCompaction _compaction;

    private PartitionRegistry(string dataDirectory, PartitionOptions defaults, UpkeepOptions upkeep, TimeProvider time, ILogger logger)
    {
        _dataDirectory = dataDirectory;
        _defaults = defaults;
        _time = time;
        _logger = logger;
        _upkeep = new PartitionUpkeep(this, upkeep.RetentionInterval, time, logger);
        _compaction = new PartitionCompaction(this, upkeep, time, logger);
    }

    public ICollection<Partition> All => _partitions.Values;

    /// <summary>Opens every partition in the data directory, repairing what a crash left. A damaged one is set aside, the others serve.</summary>
    /// <param name="upkeep">How often partitions are looked after; null means Kafka's intervals.</param>
    public static PartitionRegistry Open(
        string dataDirectory, PartitionOptions defaults, ILoggerFactory loggers, TimeProvider time, UpkeepOptions? upkeep = null)
    {
        Directory.CreateDirectory(dataDirectory);
        PartitionFolder.FinishDeletions(dataDirectory);
        var registry = new PartitionRegistry(
            dataDirectory, defaults, upkeep ?? UpkeepOptions.Of(new BrokerOptions { DataDirectory = dataDirectory }), time, loggers.CreateLogger<Partition>());
        if (PartitionFolder.In(dataDirectory).ToArray() is { Length: > 0 } existing)
        {
            Parallel.ForEach(existing, registry.OpenExisting);
        }

        return registry;
    }

    /// <summary>
    /// The partition, or null when it does not exist or is damaged. One that the disk refused to make is tried again, as appends are.
    /// </summary>
    public Partition? Find(string topic, int index) => _partitions.GetValueOrDefault((topic, index)) ?? (_refused.IsEmpty ? null : MakeRefused(topic, index));

    /// <summary>Why <see cref="Find"/> gives nothing.</summary>
    public ErrorCode ErrorOf(string topic, int index) =>
        _damaged.ContainsKey((topic, index)) || _refused.ContainsKey((topic, index)) ? ErrorCode.KafkaStorageError : ErrorCode.UnknownTopicOrPartition;

    /// <summary>The partition, created when missing. If the folder certainly belongs to another topic of that name, its data goes.</summary>
    /// <exception cref="IOException">The folder cannot be made, which <see cref="Find"/> tries again, or the partition is damaged.</exception>
    public Partition GetOrCreate(string topic, int index, Guid topicId, PartitionOptions? options = null)
    {
        lock (_changing)
        {
            if (_partitions.GetValueOrDefault((topic, index)) is { } existing && existing.TopicId == topicId)
            {
                existing.Options = options ?? existing.Options;
                return existing;
            }

            SetAsideUnlessCertain(topic, index);
            if (_damaged.TryGetValue((topic, index), out PartitionFolder? damaged) && (damaged.TopicId == topicId || !damaged.IsCertain))
            {
                throw new IOException(damaged.TopicId == topicId
                    ? $"The partition in {damaged.Path} is damaged; see the broker's log of its start."
                    : $"partition.metadata in {damaged.Path} does not name topic {topicId}, and has no checksum that proves it right. If the folder holds that topic's records, delete partition.metadata and start the broker again; if not, move the folder away.");
            }

            Delete(topic, index);
            return Make(topic, index, new RefusedPartition(topicId, options ?? _defaults));
        }
    }

    /// <summary>Removes a partition and its data. Fetches that wait for it find it gone.</summary>
    public bool Delete(string topic, int index)
    {
        lock (_changing)
        {
            if (_partitions.TryRemove((topic, index), out Partition? partition))
            {
                partition.MarkDeleted();
                // Files that a fetch still reads stay open until it is done; the names go now.
                partition.Folder.Delete();
                return true;
            }

            if (_damaged.TryRemove((topic, index), out PartitionFolder? damaged))
            {
                damaged.Delete();
                return true;
            }

            if (_refused.TryRemove((topic, index), out RefusedPartition? refused))
            {
                PartitionFolder.At(_dataDirectory, topic, index, refused.TopicId).DeleteIfThere();
                return true;
            }

            return false;
        }
    }

    /// <summary>Closes every partition, so that the next start has nothing to repair.</summary>
    public async ValueTask DisposeAsync()
    {
        await _compaction.DisposeAsync().ConfigureAwait(false);
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        foreach (Partition partition in _partitions.Values)
        {
            await partition.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a partition out of use that is not the topic's by a damaged <c>partition.metadata</c>. Its data stays: it may well be the topic's.</summary>
    private void SetAsideUnlessCertain(string topic, int index)
    {
        if (_partitions.GetValueOrDefault((topic, index)) is { Folder.IsCertain: false } doubtful)
        {
            _damaged[(topic, index)] = doubtful.Folder;
            _partitions.TryRemove((topic, index), out _);
            doubtful.MarkDeleted();
        }
    }

    private Partition? MakeRefused(string topic, int index)
    {
        lock (_changing)
        {
            if (!_refused.TryGetValue((topic, index), out RefusedPartition? wanted))
            {
                return _partitions.GetValueOrDefault((topic, index));
            }

            try
            {
                Partition made = Make(topic, index, wanted);
                BrokerPartitionsLog.MadeAfterAll(_logger, topic, index);
                return made;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null; // Logged when it was refused first.
            }
        }
    }

    /// <summary>Makes a partition, or notes that it is to be made.</summary>
    private Partition Make(string topic, int index, RefusedPartition wanted)
    {
        try
        {
            var partition = new Partition(PartitionFolder.Create(_dataDirectory, topic, index, wanted.TopicId), wanted.Options, _time, _logger);
            _partitions[(topic, index)] = partition;
            _refused.TryRemove((topic, index), out _);
            return partition;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _refused[(topic, index)] = wanted;
            throw;
        }
    }

    private void OpenExisting(PartitionFolder folder)
    {
        try
        {
            _partitions[(folder.Topic, folder.Index)] = new Partition(folder, _defaults, _time, _logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BrokerPartitionsLog.OpenFailed(_logger, folder.Path, exception);
            _damaged[(folder.Topic, folder.Index)] = folder;
        }
    }

    /// <summary>A partition that is to be here but that the disk refuses to make.</summary>
    private sealed record RefusedPartition(Guid TopicId, PartitionOptions Options);
}
