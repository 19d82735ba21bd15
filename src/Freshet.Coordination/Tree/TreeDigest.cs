using System.Text;
using Freshet.Protocol;

namespace Freshet.Coordination.Tree;

/// <summary>
/// A number that two trees have in common only if they hold the same: the sum of a hash of every znode, so that a change costs two hashes
/// whatever the tree's size. It shows where servers or a recovery went apart, not what somebody forged. Stored in snapshots, so a change
/// of the hash needs another <see cref="Version"/>.
/// </summary>
internal sealed class TreeDigest(Znode root)
{
    public const int Version = 1;

    /// <summary>
    /// Bytes of the data that are hashed at each end. Checksums protect the data itself; more would be felt on znodes of kilobytes, whose
    /// old data has to be hashed as well.
    /// </summary>
    private const int DataEnd = 64;

    // Odd, with its bits well mixed (the golden ratio): multiplying loses nothing.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private static readonly byte[] StatsName = Encoding.ASCII.GetBytes("zookeeper_stats");

    private ulong _sum;

    // Hash of the path that was asked for last: changes often come to children of the same znode.
    private Znode? _last;
    private ulong _lastPath;

    /// <summary>The digest now. The root is added only here: recovery fills it piece by piece.</summary>
    public long Value => unchecked((long)(_sum + ContentOf(root) + FamilyOf(root)));

    /// <summary>Counts a znode in, or what <see cref="Remove"/> took out of it.</summary>
    public void Add(Znode znode) => _sum += znode.Parent is null ? 0 : ContentOf(znode) + FamilyOf(znode);

    /// <summary>Takes a znode out, which must be as it was when counted in.</summary>
    public void Remove(Znode znode) => _sum -= znode.Parent is null ? 0 : ContentOf(znode) + FamilyOf(znode);

    /// <summary>Counts in what children change of their parent.</summary>
    public void AddFamily(Znode parent) => _sum += parent.Parent is null ? 0 : FamilyOf(parent);

    /// <summary>Takes out what children are about to change of their parent.</summary>
    public void RemoveFamily(Znode parent) => _sum -= parent.Parent is null ? 0 : FamilyOf(parent);

    /// <summary>Each field has a factor of its own, so that the processor multiplies them side by side.</summary>
    private ulong ContentOf(Znode znode)
    {
        ulong path = znode.Parent is null ? 0 : (PathOf(znode.Parent) * Spread) + NameOf(znode);
        ulong sum = (path * 0xD6E8FEB86659FD93)
            + ((ulong)znode.Czxid * 0xA0761D6478BD642F)
            + ((ulong)znode.Ctime * 0xE7037ED1A0B428DB)
            + ((ulong)znode.Owner * 0x8EBC6AF09C88C6E3)
            + ((ulong)znode.Mzxid * 0x589965CC75374CC3)
            + ((ulong)znode.Mtime * 0x1D8E4E27C47D124F)
            + ((((ulong)(uint)znode.Version << 32) | (uint)znode.AclVersion) * 0xEB44ACCAB455D165)
            + (znode.Acl.Digest * 0x9E6C63D0676A9A99)
            + (DataOf(znode) * 0xC2B2AE3D27D4EB4F);
        return Mix(sum);
    }

    private ulong FamilyOf(Znode znode) => znode.Creations == 0 && znode.Pzxid == znode.Czxid
        ? 0
        : Mix((PathOf(znode) * 0xD6E8FEB86659FD93) + ((ulong)znode.Creations * 0xA0761D6478BD642F) + ((ulong)znode.Pzxid * 0xE7037ED1A0B428DB) + 1);

    /// <summary>Servers write for themselves what a quota shows of itself, and no transaction does.</summary>
    private static ulong DataOf(Znode znode)
    {
        ReadOnlySpan<byte> data = znode.Data;
        if (data.Length <= 2 * DataEnd)
        {
            return znode.Name.SequenceEqual(StatsName) ? 0 : ((ulong)data.Length << 33) | (znode.DataIsNull ? 1UL << 32 : 0) | Crc32C.Compute(data);
        }

        uint ends = Crc32C.Append(Crc32C.Append(uint.MaxValue, data[..DataEnd]), data[^DataEnd..]);
        return ((ulong)data.Length << 33) | ends;
    }

    private ulong PathOf(Znode znode)
    {
        if (ReferenceEquals(znode, _last))
        {
            return _lastPath;
        }

        (ulong hash, ulong weight) = (0, 1);
        for (Znode at = znode; at.Parent is not null; at = at.Parent)
        {
            hash += NameOf(at) * weight;
            weight *= Spread;
        }

        (_last, _lastPath) = (znode, hash);
        return hash;
    }

    private static ulong NameOf(Znode znode) => Mix(((ulong)znode.NameLength << 32) | Crc32C.Compute(znode.Name));

    /// <summary>Spreads every bit over all others, so that differences do not cancel each other out in sums.</summary>
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 32)) * Spread;
        return hash ^ (hash >> 29);
    }
}
