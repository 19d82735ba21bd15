namespace Freshet.Broker.Groups;

/// <summary>Where a group stands (Kafka protocol, classic groups).</summary>
internal enum GroupState
{
    /// <summary>No members; offsets may remain.</summary>
    Empty,

    /// <summary>Members are to join again.</summary>
    PreparingRebalance,

    /// <summary>All have joined; the leader is to bring the assignment.</summary>
    CompletingRebalance,

    /// <summary>Everybody has an assignment.</summary>
    Stable,
}
