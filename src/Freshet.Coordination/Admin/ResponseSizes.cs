namespace Freshet.Coordination.Admin;

/// <summary>Bytes of the replies: last, least and most; -1 before the first, as in ZooKeeper.</summary>
internal struct ResponseSizes()
{
    public int Last { get; private set; } = -1;

    public int Min { get; private set; } = -1;

    public int Max { get; private set; } = -1;

    public void Add(int bytes)
    {
        Last = bytes;
        Min = Min < 0 ? bytes : Math.Min(Min, bytes);
        Max = Math.Max(Max, bytes);
    }
}
