using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Groups.Offsets;

/// <summary>
/// Which offsets are kept no longer: those of a group that has been empty for the whole retention, and those of topics that no member
/// reads, committed before it. A group without members ever only has its commits to go by.
/// </summary>
internal static class OffsetExpiry
{
    /// <summary>Expired offsets of the group, as tombstones.</summary>
    /// <param name="isRead">Whether a member reads the topic.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static OffsetRecord[] Expired(Group group, Func<string, bool> isRead, long now, TimeSpan retention)
    {
        long limit = now - (long)retention.TotalMilliseconds;
        return
        [
            .. group.Offsets.All
                .Where(entry => Math.Max(entry.Value.CommitTime, group.IsEmpty ? group.EmptySince : 0) <= limit
                    && !isRead(entry.Key.Topic) && !group.Offsets.IsPending(entry.Key.Topic, entry.Key.Partition))
                .Select(entry => new OffsetRecord(group.Id, entry.Key.Topic, entry.Key.Partition, null)),
        ];
    }
}
