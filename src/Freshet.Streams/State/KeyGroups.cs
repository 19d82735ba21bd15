namespace Freshet.Streams.State;

/// <summary>
/// Keys fall into a fixed number of groups; each task of a keyed bolt owns a range of them. A group is what a checkpoint stores
/// and what moves to another task when the parallelism changes.
/// </summary>
internal static class KeyGroups
{
    /// <summary>Part of the checkpoint format: states written with another number cannot be read.</summary>
    public const int Count = 128;

    public static int GroupOf<TKey>(TKey key) => (int)(StableHash.Of(key) % Count);

    public static int OwnerOf(int group, int tasks) => (int)((long)group * tasks / Count);

    public static bool IsOwner(int group, int task, int tasks) => OwnerOf(group, tasks) == task;
}
