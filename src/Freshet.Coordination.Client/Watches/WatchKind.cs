namespace Freshet.Coordination.Client.Watches;

/// <summary>What a watch waits for.</summary>
internal enum WatchKind
{
    /// <summary>A change or deletion of an existing znode. Fires once.</summary>
    Data,

    /// <summary>The creation of a missing znode. Fires once.</summary>
    Exist,

    /// <summary>A change in the list of children, or a deletion. Fires once.</summary>
    Child,

    /// <summary>All of these, until removed.</summary>
    Persistent,

    /// <summary>Changes of a znode and all below it, until removed.</summary>
    Recursive,
}
