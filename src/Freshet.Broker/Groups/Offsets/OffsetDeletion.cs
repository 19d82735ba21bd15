using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Migration;
using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Offsets;

/// <summary>Deletes committed offsets: at an operator's wish, or because their topic is gone.</summary>
internal sealed class OffsetDeletion(GroupRegistry groups, GroupStore store)
{
    /// <summary>Deletes offsets, except those of topics that a member reads; says of each topic what is in the way.</summary>
    public async ValueTask<(ErrorCode Error, Dictionary<string, ErrorCode> Topics)> DeleteAsync(
        string groupId, IReadOnlyList<OffsetDeleteTopic> topics, ClusterView view)
    {
        if (groups.Find(groupId) is not { } group)
        {
            return (ErrorCode.GroupIdNotFound, []);
        }

        Dictionary<string, ErrorCode> results;
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            if (group.IsDeleted)
            {
                return (ErrorCode.GroupIdNotFound, []);
            }

            if (!group.IsEmpty && group.Consumer is null && group.ProtocolType != EmbeddedSubscription.ConsumerType)
            {
                return (ErrorCode.NonEmptyGroup, []);
            }

            results = topics.DistinctBy(topic => topic.Name).ToDictionary(
                topic => topic.Name, topic => group.Reads(topic.Name, view) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None);
            OffsetRecord[] tombstones =
            [
                .. from topic in topics
                   where results[topic.Name] == ErrorCode.None
                   from partition in topic.Partitions
                   where @group.Offsets.Find(topic.Name, partition) is not null
                   select new OffsetRecord(groupId, topic.Name, partition, null),
            ];
            storing = tombstones.Length == 0 ? default : store.StoreOffsetsAsync(group, tombstones);
        }

        return (await storing.ConfigureAwait(false), results);
    }

    /// <summary>Deletes the offsets of a deleted topic: they mean nothing in a new one of the same name.</summary>
    public async ValueTask ForgetTopicAsync(string topic)
    {
        foreach (Group group in groups.All)
        {
            OffsetRecord[] tombstones;
            lock (group)
            {
                tombstones = [.. group.Offsets.All.Where(entry => entry.Key.Topic == topic).Select(entry => new OffsetRecord(group.Id, topic, entry.Key.Partition, null))];
            }

            if (tombstones.Length > 0)
            {
                await store.StoreOffsetsAsync(group, tombstones).ConfigureAwait(false);
            }
        }
    }
}
