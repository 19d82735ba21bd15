namespace Freshet.Broker.Groups.Consumers;

/// <summary>How far a member is on its way to its target. The numbers are the ones stored.</summary>
internal enum MemberState : sbyte
{
    /// <summary>It has what it is to have.</summary>
    Stable = 0,

    /// <summary>It is to give partitions up and has not said that it did.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for partitions that others have not given up.</summary>
    UnreleasedPartitions = 2,
}
