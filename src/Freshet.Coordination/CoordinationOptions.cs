namespace Freshet.Coordination;

/// <summary>Settings of one coordination server.</summary>
public sealed class CoordinationOptions
{
    /// <summary>Folder of the journal and the snapshots; created when missing.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>When true (the default) no write is acknowledged before it is on disk. False trades that for speed, as <c>forceSync=no</c> does.</summary>
    public bool ForceSync { get; set; } = true;

    /// <summary>Unit of session timing. Session timeouts are clamped to [2, 20] ticks, as in Apache ZooKeeper.</summary>
    public TimeSpan TickTime { get; set; } = TimeSpan.FromSeconds(2);
}
