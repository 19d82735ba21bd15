using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.InProcess;

/// <summary>
/// A broker as its own process sees it, without a client between: topics and records for tests, and waiting for what the clients under
/// test do. Safe for use from many threads. What waits gives up after <see cref="Patience"/> and says what it saw.
/// </summary>
public sealed class InProcessBroker
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private readonly TopicAdmin _topics;
    private readonly ClusterState _cluster;
    private readonly PartitionRegistry _partitions;
    private readonly GroupCoordinator _groups;
    private readonly TimeProvider _time;
    private uint _turn;

    internal InProcessBroker(TopicAdmin topics, ClusterState cluster, PartitionRegistry partitions, GroupCoordinator groups, TimeProvider time)
    {
        _topics = topics;
        _cluster = cluster;
        _partitions = partitions;
        _groups = groups;
        _time = time;
    }

    /// <summary>How long a wait waits: 30 seconds unless set.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Creates a topic.</summary>
    /// <param name="settings">Topic settings by Kafka's names; null for none.</param>
    /// <exception cref="InvalidOperationException">The topic exists, or the name or a setting is wrong.</exception>
    public async Task CreateTopicAsync(
        string name, int partitions = 1, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = new CreatableTopic(name, partitions, -1, [], [.. (settings ?? new Dictionary<string, string>()).Select(setting => new TopicSetting(setting.Key, setting.Value))]);
        CreatedTopic created = await _topics.CreateAsync(wanted, validateOnly: false, cancellation).ConfigureAwait(false);
        if (created.Error != ErrorCode.None)
        {
            throw new InvalidOperationException($"The topic '{name}' was not created ({created.Error}): {created.ErrorMessage}");
        }
    }

    /// <summary>Puts records of texts into a topic; the topic is created if it is missing.</summary>
    public Task ProduceAsync(string topic, params (string? Key, string? Value)[] records) =>
        ProduceAsync(topic, [.. records.Select(record => NewRecord.Of(record.Key, record.Value))]);

    /// <summary>Puts records into a topic, in order within a partition; the topic is created if it is missing.</summary>
    /// <exception cref="InvalidOperationException">A partition is missing or refuses its records.</exception>
    public async Task ProduceAsync(string topic, IReadOnlyList<NewRecord> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(records);
        if (_cluster.View.Find(topic) is null)
        {
            await CreateTopicAsync(topic, cancellation: cancellation).ConfigureAwait(false);
        }

        int count = _cluster.View.Find(topic)!.PartitionCount;
        foreach (IGrouping<int, NewRecord> share in records.GroupBy(record => PartitionOf(record, count)))
        {
            Partition partition = Find(topic, share.Key);
            foreach (byte[] batch in RecordBatching.Batches(share, _time.GetUtcNow()))
            {
                await AppendAsync(partition, batch, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All committed records of a topic, by partition and offset; empty when there is no such topic.</summary>
    public IReadOnlyList<TopicRecord> ReadAll(string topic) => [.. PartitionsOf(topic).SelectMany(partition => TopicReading.Read(partition))];

    /// <summary>Waits until a topic has that many committed records, and reads them all.</summary>
    /// <exception cref="TimeoutException">It did not come to have them.</exception>
    public async Task<IReadOnlyList<TopicRecord>> WaitForRecordsAsync(string topic, int count, CancellationToken cancellation = default)
    {
        IReadOnlyList<TopicRecord> records = [];
        await UntilAsync(
            () => (records = ReadAll(topic)).Count >= count,
            () => Exists(topic) ? $"the topic '{topic}' has {records.Count} of {count} records" : NoTopic(topic), cancellation).ConfigureAwait(false);
        return records;
    }

    /// <summary>Waits until a topic has no committed records any more.</summary>
    /// <exception cref="TimeoutException">It still has some, or there is no such topic.</exception>
    public Task WaitForNoRecordsAsync(string topic, CancellationToken cancellation = default) => UntilAsync(
        () => Exists(topic) && ReadAll(topic).Count == 0,
        () => Exists(topic) ? $"the topic '{topic}' still has {ReadAll(topic).Count} records" : NoTopic(topic),
        cancellation);

    /// <summary>Waits until a group, classic or of the consumer protocol, has exactly that many members and all have their partitions.</summary>
    /// <exception cref="TimeoutException">It did not come to have them.</exception>
    public Task WaitForMembersAsync(string group, int count, CancellationToken cancellation = default) => UntilAsync(
        () => MembersOf(group) is var (members, state) && members == count && state == (count == 0 ? nameof(GroupState.Empty) : nameof(GroupState.Stable)),
        () => $"the group '{group}' has {MembersOf(group).Count} members and is {MembersOf(group).State}; waited for {count} and {nameof(GroupState.Stable)}",
        cancellation);

    /// <summary>Waits until a group has committed that it has read all committed records of a topic.</summary>
    /// <exception cref="TimeoutException">It did not come to that, or there is no such topic.</exception>
    public Task WaitUntilConsumedAsync(string group, string topic, CancellationToken cancellation = default) => UntilAsync(
        () => Exists(topic) && PartitionsOf(topic).All(partition => Unread(group, partition) == 0),
        () => Exists(topic) ? $"the group '{group}' has not read {string.Join(", ", PartitionsOf(topic).Where(partition => Unread(group, partition) > 0)
            .Select(partition => $"{Unread(group, partition)} records of {topic}-{partition.Index} (committed: {Committed(group, partition)?.ToString() ?? "nothing"})"))}" : NoTopic(topic),
        cancellation);

    /// <summary>Offsets that a group has committed for a topic, by partition.</summary>
    public IReadOnlyDictionary<int, long> CommittedOffsets(string group, string topic) => PartitionsOf(topic)
        .Select(partition => (partition.Index, Offset: Committed(group, partition)))
        .Where(committed => committed.Offset is not null)
        .ToDictionary(committed => committed.Index, committed => committed.Offset!.Value);

    private int PartitionOf(NewRecord record, int count) => record.Partition
        ?? (record.Key is { } key ? Murmur2.PartitionOf(key.Span, count) : (int)(Interlocked.Increment(ref _turn) % (uint)count));

    private Partition Find(string topic, int partition) => _partitions.Find(topic, partition)
        ?? throw new InvalidOperationException($"The topic '{topic}' has no partition {partition} on this broker.");

    private static async Task AppendAsync(Partition partition, byte[] batch, CancellationToken cancellation)
    {
        AppendResult appended = await partition.AppendAsync(batch, cancellation).ConfigureAwait(false);
        if (appended.Error != ErrorCode.None)
        {
            throw new InvalidOperationException($"Partition {partition.Topic}-{partition.Index} refused the records ({appended.Error}): {appended.Message}");
        }
    }

    // A test that waits for the wrong name would otherwise pass: a topic that is not there has no records to read.
    private bool Exists(string topic) => _cluster.View.Find(topic) is not null;

    private static string NoTopic(string topic) => $"there is no topic '{topic}'";

    private IEnumerable<Partition> PartitionsOf(string topic) => _cluster.View.Find(topic) is { } known
        ? Enumerable.Range(0, known.PartitionCount).Select(partition => _partitions.Find(topic, partition)).OfType<Partition>()
        : [];

    private (int Count, string State) MembersOf(string group)
    {
        if (_groups.Find(group) is not { } known)
        {
            return (0, nameof(GroupState.Empty));
        }

        lock (known)
        {
            return (known.Consumer?.Members.Count ?? known.Members.Count, known.StateName);
        }
    }

    private long? Committed(string group, Partition partition)
    {
        if (_groups.Find(group) is not { } known)
        {
            return null;
        }

        lock (known)
        {
            return known.Offsets.Find(partition.Topic, partition.Index)?.Offset;
        }
    }

    private int Unread(string group, Partition partition) => TopicReading.Read(partition, Committed(group, partition) ?? 0).Count;

    private async Task UntilAsync(Func<bool> holds, Func<string> seen, CancellationToken cancellation)
    {
        // The machine's own clock: a test's may stand still.
        using var patience = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        while (!holds())
        {
            cancellation.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"After {Patience.TotalSeconds:0.#} s, {seen()}.");
            }

            await Task.Delay(Glance, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
