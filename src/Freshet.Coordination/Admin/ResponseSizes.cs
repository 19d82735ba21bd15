namespace Freshet.Coordination.Admin;

/// <summary>Bytes of the replies: last, least and most; -1 before the first, as in ZooKeeper.</summary>
internal struct ResponseSizes()
{
    public int Last { get; private set; } = -1;

    public int Least { get; private set; } = -1;

    public int Most { get; private set; } = -1;

    public void Add(int bytes)
    {
        Last = bytes;
        Least = Least < 0 ? bytes : Math.Min(Least, bytes);
        Most = Math.Max(Most, bytes);
    }
}
