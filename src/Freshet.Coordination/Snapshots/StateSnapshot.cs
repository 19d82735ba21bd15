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

    /// <summary>Takes a block into a state that is being recovered.</summary>
    /// <param name="loader">Builds the state's tree; complete after the last block.</param>
    public static void Read(ReadOnlySpan<byte> block, ReplicatedState state, TreeLoader loader)
    {
        var reader = new JuteReader(block);
        if (reader.ReadByte() == SessionBlock)
        {
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                state.Sessions.Open(reader.ReadInt64(), reader.ReadInt32());
            }

            return;
        }

        while (reader.Remaining > 0)
        {
            ReadZnode(ref reader, loader);
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
