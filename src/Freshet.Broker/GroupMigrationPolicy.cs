namespace Freshet.Broker;

/// <summary>
/// Whether a group changes between the classic protocol and the consumer protocol (KIP-848) while members are in it
/// (Kafka's <c>group.consumer.migration.policy</c>). An empty group always does.
/// </summary>
public enum GroupMigrationPolicy
{
    /// <summary>To the consumer protocol when its first member comes, and back when its last member has left.</summary>
    Bidirectional,

    /// <summary>Only to the consumer protocol.</summary>
    Upgrade,

    /// <summary>Only back to the classic protocol.</summary>
    Downgrade,

    /// <summary>Not at all.</summary>
    Disabled,
}
