namespace Freshet.Coordination.Watches;

/// <summary>What a watch listens to, and for how long.</summary>
internal enum WatchKind
{
    /// <summary>Set by getData and exists; fires once.</summary>
    Data,

    /// <summary>Set by getChildren; fires once.</summary>
    Children,

    /// <summary>Both, until removed.</summary>
    Persistent,

    /// <summary>The znode and everything below it, until removed; never NodeChildrenChanged.</summary>
    Recursive,
}
