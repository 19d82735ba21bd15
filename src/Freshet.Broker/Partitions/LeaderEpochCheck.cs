using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Partitions;

/// <summary>Compares the leader epoch that a client knows with the partition's.</summary>
internal static class LeaderEpochCheck
{
    private const int NotKnown = -1;

    public static ErrorCode Of(int known, Partition partition) =>
        known == NotKnown || known == partition.LeaderEpoch ? ErrorCode.None
        : known < partition.LeaderEpoch ? ErrorCode.FencedLeaderEpoch
        : ErrorCode.UnknownLeaderEpoch;
}
