using Freshet.Coordination.Sessions;
using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Transactions;

/// <summary>All that transactions change, snapshots hold and every server of an ensemble has alike.</summary>
/// <param name="withDigest">Whether the tree keeps a digest of itself.</param>
internal sealed class ReplicatedState(bool withDigest = false)
{
    public ZnodeTree Tree { get; } = new(withDigest);

    public SessionTable Sessions { get; } = new();

    /// <summary>The last transaction applied; 0 before the first.</summary>
    public long LastZxid { get; set; }

    public DigestHistory Digests { get; } = new();

    /// <summary>What a recovery has yet to come by; null when it has, or knows nothing of it.</summary>
    public ExpectedDigest? Expected { get; set; }

    /// <summary>A transaction is applied as a whole, or a snapshot read.</summary>
    /// <exception cref="InvalidDataException">Recovery has led to another tree than there was.</exception>
    public void Reach(long zxid)
    {
        LastZxid = zxid;
        if (Tree.Digest is not TreeDigest digest)
        {
            return;
        }

        if (DigestHistory.Keeps(zxid))
        {
            Digests.Add(zxid, digest.Value);
        }

        if (Expected is ExpectedDigest expected && zxid >= expected.Zxid)
        {
            Expected = null;
            expected.Check(zxid, digest.Value);
        }
    }
}
