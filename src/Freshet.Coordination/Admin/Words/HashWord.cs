namespace Freshet.Coordination.Admin.Words;

/// <summary><c>hash</c>: the tree's digest at every 128th zxid. As in ZooKeeper it says nothing when none is kept.</summary>
internal static class HashWord
{
    public static void Hash(CoordinationServer server, BoundedText output)
    {
        foreach ((long zxid, long digest) in server.State.Digests.Entries)
        {
            output.WriteLine($"{zxid:x}: {digest}");
        }
    }
}
