namespace Freshet.Broker.Groups.Migration;

/// <summary>What the policies allow.</summary>
internal static class GroupMigrationPolicies
{
    public static bool AllowsUpgrade(this GroupMigrationPolicy policy) => policy is GroupMigrationPolicy.Bidirectional or GroupMigrationPolicy.Upgrade;

    public static bool AllowsDowngrade(this GroupMigrationPolicy policy) => policy is GroupMigrationPolicy.Bidirectional or GroupMigrationPolicy.Downgrade;
}
