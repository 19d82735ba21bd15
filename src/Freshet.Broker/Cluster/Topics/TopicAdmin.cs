using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Topics;

/// <summary>Creates, grows and deletes topics. When a call returns, this broker serves the result.</summary>
internal sealed class TopicAdmin(ClusterStore store, ClusterState cluster, BrokerOptions options)
{
    /// <summary>Settings of the broker's own topics. Small segments are compacted soon and read fast at a start; Kafka's own size.</summary>
    private static readonly TopicSetting[] OwnTopicSettings = [new("cleanup.policy", "compact"), new("segment.bytes", "104857600")];

    /// <summary>Creates a topic; counts of -1 mean the default.</summary>
    /// <param name="validateOnly">Whether only to check.</param>
    public async ValueTask<CreatedTopic> CreateAsync(CreatableTopic wanted, bool validateOnly, CancellationToken cancellation)
    {
        try
        {
            return await TryCreateAsync(wanted, validateOnly, cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException failure)
        {
            return CreatedTopic.Refused(wanted.Name, ErrorCode.NotController, CannotReach(failure));
        }
    }

    private async ValueTask<CreatedTopic> TryCreateAsync(CreatableTopic wanted, bool validateOnly, CancellationToken cancellation)
    {
        ClusterView view = cluster.View;
        (ErrorCode error, string? problem) = Check(wanted, view);
        if (problem is not null)
        {
            return CreatedTopic.Refused(wanted.Name, error, problem);
        }

        Topic topic = new(
            wanted.Name, Guid.NewGuid(),
            wanted.Assignments.Count > 0
                ? [.. wanted.Assignments.OrderBy(assignment => assignment.Partition).Select(assignment => assignment.BrokerIds)]
                : Place(wanted.Partitions < 0 ? options.DefaultPartitions : wanted.Partitions, 0, view),
            SettingsOf(wanted));
        if (!validateOnly)
        {
            if (!await store.CreateTopicAsync(topic, cancellation).ConfigureAwait(false))
            {
                return CreatedTopic.Refused(wanted.Name, ErrorCode.TopicAlreadyExists, $"The topic '{wanted.Name}' exists already.");
            }

            await cluster.RefreshTopicAsync(wanted.Name, cancellation).ConfigureAwait(false);
        }

        return new CreatedTopic(topic.Name, topic.Id, ErrorCode.None, null, topic.PartitionCount, 1, SettingsOf(topic.Settings));
    }

    /// <summary>Creates a topic as the broker sees fit, unless it is there.</summary>
    public ValueTask<CreatedTopic> EnsureAsync(string name, CancellationToken cancellation) => CreateAsync(
        name switch
        {
            Topic.ConsumerOffsets => new CreatableTopic(name, options.OffsetsPartitions, -1, [], OwnTopicSettings),
            Topic.TransactionState => new CreatableTopic(name, options.TransactionPartitions, -1, [], OwnTopicSettings),
            _ => new CreatableTopic(name, -1, -1, [], []),
        },
        validateOnly: false, cancellation);

    /// <summary>Gives a topic more partitions.</summary>
    public async ValueTask<CreatePartitionsTopicResult> GrowAsync(CreatePartitionsTopic wanted, bool validateOnly, CancellationToken cancellation)
    {
        try
        {
            return await TryGrowAsync(wanted, validateOnly, cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException failure)
        {
            return new CreatePartitionsTopicResult(wanted.Name, ErrorCode.NotController, CannotReach(failure));
        }
    }

    private async ValueTask<CreatePartitionsTopicResult> TryGrowAsync(CreatePartitionsTopic wanted, bool validateOnly, CancellationToken cancellation)
    {
        if (cluster.View.Find(wanted.Name) is not { } topic)
        {
            return new CreatePartitionsTopicResult(wanted.Name, ErrorCode.UnknownTopicOrPartition, $"There is no topic '{wanted.Name}'.");
        }

        if (wanted.Count <= topic.PartitionCount || wanted.Count > options.MaxPartitionsPerTopic)
        {
            return new CreatePartitionsTopicResult(
                wanted.Name, ErrorCode.InvalidPartitions,
                $"The topic has {topic.PartitionCount} partitions and can grow to at most {options.MaxPartitionsPerTopic}; asked for were {wanted.Count}.");
        }

        if (wanted.Assignments is { } assignments
            && (assignments.Count != wanted.Count - topic.PartitionCount || assignments.Any(assignment => !IsOneLivingBroker(assignment.BrokerIds, cluster.View))))
        {
            return new CreatePartitionsTopicResult(wanted.Name, ErrorCode.InvalidReplicaAssignment, "Each new partition needs exactly one broker, and it must be alive.");
        }

        Topic grown = topic with
        {
            Replicas = [.. topic.Replicas, .. wanted.Assignments?.Select(assignment => assignment.BrokerIds)
                ?? Place(wanted.Count - topic.PartitionCount, topic.PartitionCount, cluster.View)],
        };
        if (!validateOnly)
        {
            if (!await store.GrowTopicAsync(grown, cancellation).ConfigureAwait(false))
            {
                return new CreatePartitionsTopicResult(wanted.Name, ErrorCode.InvalidRequest, "The topic changed at the same time; try again.");
            }

            await cluster.RefreshTopicAsync(wanted.Name, cancellation).ConfigureAwait(false);
        }

        return new CreatePartitionsTopicResult(wanted.Name, ErrorCode.None, null);
    }

    /// <summary>Deletes a topic and its data.</summary>
    public async ValueTask<DeletedTopic> DeleteAsync(DeletableTopic wanted, CancellationToken cancellation)
    {
        try
        {
            return await TryDeleteAsync(wanted, cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException failure)
        {
            return new DeletedTopic(wanted.Name, wanted.TopicId, ErrorCode.NotController, CannotReach(failure));
        }
    }

    private async ValueTask<DeletedTopic> TryDeleteAsync(DeletableTopic wanted, CancellationToken cancellation)
    {
        if ((wanted.Name is null ? cluster.View.Find(wanted.TopicId) : cluster.View.Find(wanted.Name)) is not { } topic)
        {
            return wanted.Name is null
                ? new DeletedTopic(null, wanted.TopicId, ErrorCode.UnknownTopicId, "There is no topic with this id.")
                : new DeletedTopic(wanted.Name, wanted.TopicId, ErrorCode.UnknownTopicOrPartition, $"There is no topic '{wanted.Name}'.");
        }

        if (topic.IsInternal)
        {
            return new DeletedTopic(topic.Name, topic.Id, ErrorCode.InvalidTopicException, $"'{topic.Name}' is the broker's own and is not deleted.");
        }

        bool deleted = await store.DeleteTopicAsync(topic.Name, cancellation).ConfigureAwait(false);
        await cluster.RefreshTopicAsync(topic.Name, cancellation).ConfigureAwait(false);
        return deleted
            ? new DeletedTopic(topic.Name, topic.Id, ErrorCode.None, null)
            : new DeletedTopic(topic.Name, topic.Id, ErrorCode.UnknownTopicOrPartition, $"There is no topic '{topic.Name}'.");
    }

    /// <summary>Clients take NOT_CONTROLLER as "ask again": the topics are not this broker's to change right now.</summary>
    private static string CannotReach(CoordinationException failure) => $"The coordination service did not do it: {failure.Message}";

    private (ErrorCode Error, string? Problem) Check(CreatableTopic wanted, ClusterView view)
    {
        if (TopicName.Problem(wanted.Name) is { } name)
        {
            return (ErrorCode.InvalidTopicException, name);
        }

        if (view.Find(wanted.Name) is not null)
        {
            return (ErrorCode.TopicAlreadyExists, $"The topic '{wanted.Name}' exists already.");
        }

        if (TopicName.Collision(wanted.Name, view) is { } other)
        {
            return (ErrorCode.InvalidTopicException, $"The name '{wanted.Name}' collides with the topic '{other.Name}': '.' and '_' count as the same.");
        }

        if (wanted.Settings.FirstOrDefault(setting => setting.Value is null) is { Name: { } empty })
        {
            return (ErrorCode.InvalidConfig, $"The setting '{empty}' has no value.");
        }

        if (wanted.Assignments.Count > 0)
        {
            return CheckAssignments(wanted, view);
        }

        if (wanted.Partitions is 0 or < -1 || wanted.Partitions > options.MaxPartitionsPerTopic)
        {
            return (ErrorCode.InvalidPartitions, $"A topic has 1 to {options.MaxPartitionsPerTopic} partitions, not {wanted.Partitions}.");
        }

        if (wanted.ReplicationFactor is not (1 or -1))
        {
            return (ErrorCode.InvalidReplicationFactor, $"The replication factor is 1, not {wanted.ReplicationFactor}: this version keeps one copy of a partition.");
        }

        return SettingsOf(wanted).Problem() is { } setting ? (ErrorCode.InvalidConfig, setting) : (ErrorCode.None, null);
    }

    private (ErrorCode Error, string? Problem) CheckAssignments(CreatableTopic wanted, ClusterView view)
    {
        if (wanted.Partitions != -1 || wanted.ReplicationFactor != -1)
        {
            return (ErrorCode.InvalidRequest, "With an explicit assignment both counts must be -1.");
        }

        int[] indexes = [.. wanted.Assignments.Select(assignment => assignment.Partition).Order()];
        bool complete = indexes.SequenceEqual(Enumerable.Range(0, indexes.Length)) && indexes.Length <= options.MaxPartitionsPerTopic;
        return complete && wanted.Assignments.All(assignment => IsOneLivingBroker(assignment.BrokerIds, view))
            ? SettingsOf(wanted).Problem() is { } setting ? (ErrorCode.InvalidConfig, setting) : (ErrorCode.None, null)
            : (ErrorCode.InvalidReplicaAssignment, "Partitions are numbered from 0 without gaps, and each needs exactly one broker that is alive.");
    }

    private static bool IsOneLivingBroker(IReadOnlyList<int> brokers, ClusterView view) => brokers is [var only] && view.FindBroker(only) is not null;

    /// <summary>Spreads partitions over the living brokers.</summary>
    private IReadOnlyList<int>[] Place(int count, int first, ClusterView view)
    {
        int[] brokers = view.Brokers.Count == 0 ? [options.BrokerId] : [.. view.Brokers.Select(broker => broker.Id)];
        return [.. Enumerable.Range(first, count).Select(partition => new[] { brokers[partition % brokers.Length] })];
    }

    private static TopicSettings SettingsOf(CreatableTopic wanted) => TopicSettings.Of(
        wanted.Settings.Where(setting => setting.Value is not null).DistinctBy(setting => setting.Name)
            .Select(setting => KeyValuePair.Create(setting.Name, setting.Value!)));

    private CreatedTopicSetting[] SettingsOf(TopicSettings settings) =>
    [
        .. TopicSettingDefinition.All.Values.Select(definition => new CreatedTopicSetting(
            definition.Name, settings.Of(definition.Name, cluster.Defaults),
            settings.Values.ContainsKey(definition.Name) ? ConfigSource.Topic : cluster.Defaults.Behind(definition).First().Source)),
    ];
}
