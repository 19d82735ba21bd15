using System.Text;
using Freshet.Coordination.Access;

namespace Freshet.Coordination.Tree;

/// <summary>
/// The znodes. Paths are UTF-8 and are looked up segment by segment, without making strings. One thread at a time uses a tree.
/// Changes state their results, and applying one twice, or to a tree that is ahead, does no harm: recovery relies on it.
/// </summary>
internal sealed class ZnodeTree
{
    /// <summary>Longest path handled on the stack.</summary>
    private const int StackBytes = 512;

    /// <param name="withDigest">Whether to keep a <see cref="Digest"/>.</param>
    public ZnodeTree(bool withDigest = false)
    {
        Quotas = new QuotaTable(this);
        Root = new Znode(null, default, 0, default, dataIsNull: false);
        Digest = withDigest ? new TreeDigest(Root) : null;
        foreach (string path in new[] { "/zookeeper", "/zookeeper/quota", "/zookeeper/config" })
        {
            Create(path, default, dataIsNull: false, path.EndsWith("config", StringComparison.Ordinal) ? AclList.ReadOnly : AclList.Open, 0, 0, default);
        }
    }

    public Znode Root { get; }

    /// <summary>What tells whether two trees hold the same; null when none is kept.</summary>
    public TreeDigest? Digest { get; }

    /// <summary>Number of znodes, the root included.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>
    /// Bytes of all paths and data, as ZooKeeper counts them. What quotas show of themselves changes aside and is not followed: a few bytes
    /// for each.
    /// </summary>
    public long ApproximateDataSize { get; private set; } = 1;

    /// <summary>The ephemeral znodes by session.</summary>
    public EphemeralTable Ephemerals { get; } = new();

    /// <summary>The containers and TTL znodes, which the server removes when nobody uses them any more.</summary>
    public HashSet<Znode> Containers { get; } = [];

    public QuotaTable Quotas { get; }

    public AclTable Acls { get; } = new();

    public Znode? Find(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] != '/')
        {
            return null;
        }

        Znode? znode = Root;
        ReadOnlySpan<byte> rest = path[1..];
        while (!rest.IsEmpty && znode is not null)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? rest : rest[..slash];
            // A slash at the end names an empty child, which never exists.
            if (slash == rest.Length - 1)
            {
                return null;
            }

            znode = znode.Family?.Children.Find(name);
            rest = slash < 0 ? default : rest[(slash + 1)..];
        }

        return znode;
    }

    public Znode? Find(ReadOnlySpan<char> path)
    {
        int most = Encoding.UTF8.GetMaxByteCount(path.Length);
        Span<byte> utf8 = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        return Find(utf8[..Encoding.UTF8.GetBytes(path, utf8)]);
    }

    /// <summary>Puts a new znode at <paramref name="path"/>, whatever was there before.</summary>
    /// <param name="creations">The parent's creation counter after this create.</param>
    /// <returns>Null when the parent does not exist, which happens only while a snapshot is brought up to date.</returns>
    public Znode? Create(string path, ReadOnlySpan<byte> data, bool dataIsNull, AclList acl, long owner, int creations, Moment at)
    {
        if (Find(ZnodePath.Parent(path)) is not Znode parent)
        {
            return null;
        }

        byte[] name = Encoding.UTF8.GetBytes(path[(path.LastIndexOf('/') + 1)..]);
        int hash = ChildTable.Hash(name);
        ZnodeFamily family = parent.EnsureFamily();
        if (family.Children.Find(name, hash) is Znode former)
        {
            Remove(former);
        }

        var znode = new Znode(parent, name, hash, data, dataIsNull)
        {
            Acl = Acls.Intern(acl),
            Owner = owner,
            Czxid = at.Zxid,
            Mzxid = at.Zxid,
            Ctime = at.Time,
            Mtime = at.Time,
        };
        Attach(znode, family);
        Digest?.RemoveFamily(parent);
        (family.Creations, family.Pzxid) = (creations, at.Zxid);
        Digest?.AddFamily(parent);
        Quotas.Created(path, znode);
        return znode;
    }

    /// <summary>Adds a complete znode, as read from a snapshot, to its parent.</summary>
    public void Restore(Znode znode)
    {
        ZnodeFamily family = znode.Parent!.EnsureFamily();
        if (family.Children.Find(znode.Name, znode.NameHash) is Znode former)
        {
            Remove(former);
        }

        Attach(znode, family);
    }

    /// <summary>Adds complete znodes to their parent.</summary>
    public void Restore(Znode parent, List<Znode> children)
    {
        parent.EnsureFamily().Children.EnsureRoom(children.Count);
        foreach (Znode child in children)
        {
            Restore(child);
        }
    }

    /// <summary>Removes a znode and, while a snapshot is brought up to date, whatever is below it.</summary>
    public Znode? Delete(ReadOnlySpan<char> path, Moment at)
    {
        if (Find(ZnodePath.Parent(path)) is not Znode parent)
        {
            return null;
        }

        // Also when a snapshot that is ahead lacks the znode already: an earlier create, applied again, may have turned this back.
        Digest?.RemoveFamily(parent);
        parent.EnsureFamily().Pzxid = at.Zxid;
        Digest?.AddFamily(parent);
        if (Find(path) is not Znode znode)
        {
            return null;
        }

        Remove(znode);
        Quotas.Deleted(path, znode);
        return znode;
    }

    /// <summary>Gives a znode new data and this version.</summary>
    public Znode? SetData(ReadOnlySpan<char> path, ReadOnlySpan<byte> data, bool isNull, int version, Moment at)
    {
        if (Find(path) is not Znode znode)
        {
            return null;
        }

        int before = znode.Data.Length;
        Digest?.Remove(znode);
        znode.SetData(data, isNull);
        (znode.Version, znode.Mzxid, znode.Mtime) = (version, at.Zxid, at.Time);
        Digest?.Add(znode);
        ApproximateDataSize += data.Length - before;
        Quotas.DataChanged(path, znode, before);
        return znode;
    }

    /// <summary>Gives a znode another access list and this access version.</summary>
    public void SetAcl(ReadOnlySpan<char> path, AclList acl, int aclVersion)
    {
        if (Find(path) is Znode znode)
        {
            Digest?.Remove(znode);
            (znode.Acl, znode.AclVersion) = (Acls.Intern(acl), aclVersion);
            Digest?.Add(znode);
        }
    }

    private static int SizeOf(Znode znode)
    {
        int size = znode.Data.Length;
        for (Znode at = znode; at.Parent is not null; at = at.Parent)
        {
            size += 1 + at.NameLength;
        }

        return size;
    }

    private void Attach(Znode znode, ZnodeFamily family)
    {
        family.Children.Add(znode);
        Digest?.Add(znode);
        Count++;
        ApproximateDataSize += SizeOf(znode);
        if (CreateModes.IsSession(znode.Owner))
        {
            Ephemerals.Add(znode);
        }
        else if (CreateModes.IsContainerOrTtl(znode.Owner))
        {
            Containers.Add(znode);
        }
    }

    private void Remove(Znode znode)
    {
        foreach (Znode child in znode.Family?.Children.ToArray() ?? [])
        {
            Remove(child);
        }

        znode.Parent!.Family!.Children.Remove(znode);
        Digest?.Remove(znode);
        Count--;
        ApproximateDataSize -= SizeOf(znode);
        if (CreateModes.IsSession(znode.Owner))
        {
            Ephemerals.Remove(znode);
        }
        else if (CreateModes.IsContainerOrTtl(znode.Owner))
        {
            Containers.Remove(znode);
        }
    }
}
