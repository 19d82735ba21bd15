using Freshet.Coordination.Access;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Snapshots;

/// <summary>
/// How the state is laid out in a snapshot's blocks: sessions first, then the znodes from the root down, each with its
/// depth, so that a parent always precedes its children. Layout: docs/formats/coordination-snapshot.md.
/// </summary>
internal static class StateSnapshot
{
    private const byte SessionBlock = 1;
    private const byte ZnodeBlock = 2;
    private const byte DigestBlock = 3;

    public static void WriteSessions(JuteWriter block, SessionTable sessions)
    {
        block.WriteByte(SessionBlock);
        block.WriteInt32(sessions.Count);
        foreach (Session session in sessions.All)
        {
            block.WriteInt64(session.Id);
            block.WriteInt32(session.Timeout);
        }
    }

    /// <summary>Writes a block of znodes up to about <paramref name="bytes"/>; false when the walk is over and nothing was written.</summary>
    public static bool WriteZnodes(JuteWriter block, TreeWalk walk, int bytes)
    {
        block.WriteByte(ZnodeBlock);
        int before = block.Length;
        while (block.Length - before < bytes && walk.MoveNext())
        {
            WriteZnode(block, walk.Current, walk.Depth);
        }

        return block.Length > before;
    }

    /// <summary>Writes the block behind all others: what the tree's digest is now that everything was written.</summary>
    public static void WriteDigest(JuteWriter block, long zxid, TreeDigest digest)
    {
        block.WriteByte(DigestBlock);
        block.WriteInt32(TreeDigest.Version);
        block.WriteInt64(zxid);
        block.WriteInt64(digest.Value);
    }

    /// <summary>Takes a block into a state that is being recovered.</summary>
    /// <param name="loader">Builds the state's tree; complete after the last block.</param>
    /// <param name="path">The snapshot's file.</param>
    public static void Read(ReadOnlySpan<byte> block, ReplicatedState state, TreeLoader loader, string path)
    {
        var reader = new JuteReader(block);
        switch (reader.ReadByte())
        {
            case SessionBlock:
                ReadSessions(ref reader, state);
                break;
            case ZnodeBlock:
                while (reader.Remaining > 0)
                {
                    ReadZnode(ref reader, loader);
                }

                break;
            case DigestBlock:
                // One of another version cannot be compared.
                state.Expected = reader.ReadInt32() == TreeDigest.Version ? new ExpectedDigest(path, reader.ReadInt64(), reader.ReadInt64()) : null;
                break;
            case byte kind:
                throw new InvalidDataException($"{path} holds a block of kind {kind}, which this version does not know. Use the version that wrote it.");
        }
    }

    private static void ReadSessions(ref JuteReader reader, ReplicatedState state)
    {
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            state.Sessions.Open(reader.ReadInt64(), reader.ReadInt32());
        }
    }

    private static void WriteZnode(JuteWriter block, Znode znode, int depth)
    {
        block.WriteInt32(depth);
        block.WriteBuffer(znode.Name);
        znode.WriteData(block);
        znode.Acl.Write(block);
        block.WriteInt64(znode.Owner);
        block.WriteInt64(znode.Czxid);
        block.WriteInt64(znode.Mzxid);
        block.WriteInt64(znode.Ctime);
        block.WriteInt64(znode.Mtime);
        block.WriteInt32(znode.Version);
        block.WriteInt32(znode.AclVersion);
        block.WriteInt32(znode.Creations);
        block.WriteInt64(znode.Pzxid);
    }

    private static void ReadZnode(ref JuteReader reader, TreeLoader loader)
    {
        int depth = reader.ReadInt32();
        ReadOnlySpan<byte> name = reader.ReadBuffer(out _);
        ReadOnlySpan<byte> data = reader.ReadBuffer(out bool isNull);
        Znode znode = loader.Tree.Root;
        if (depth == 0)
        {
            znode.SetData(data, isNull);
        }
        else
        {
            Znode parent = loader.ParentAt(depth) ?? throw new JuteException($"A znode of depth {depth} has no parent.");
            znode = new Znode(parent, name, ChildTable.Hash(name), data, isNull);
        }

        znode.Acl = loader.Tree.Acls.Intern(AclList.Read(ref reader));
        znode.Owner = reader.ReadInt64();
        (znode.Czxid, znode.Mzxid) = (reader.ReadInt64(), reader.ReadInt64());
        (znode.Ctime, znode.Mtime) = (reader.ReadInt64(), reader.ReadInt64());
        (znode.Version, znode.AclVersion) = (reader.ReadInt32(), reader.ReadInt32());
        (int creations, long pzxid) = (reader.ReadInt32(), reader.ReadInt64());
        if (creations > 0 || pzxid != znode.Czxid)
        {
            ZnodeFamily family = znode.EnsureFamily();
            (family.Creations, family.Pzxid) = (creations, pzxid);
        }

        loader.Add(znode, depth);
    }
}
