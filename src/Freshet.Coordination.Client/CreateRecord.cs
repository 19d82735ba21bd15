using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>What a create sends behind its path.</summary>
/// <param name="TimeToLive">For the modes with one only.</param>
internal sealed record CreateRecord(ReadOnlyMemory<byte> Data, CreateMode Mode, IReadOnlyList<Acl>? Acl, TimeSpan? TimeToLive)
{
    /// <summary>The request that the mode needs: containers and times to live have their own.</summary>
    /// <param name="plain">The request for all other modes.</param>
    /// <exception cref="ArgumentException">A time to live without such a mode, or the other way round.</exception>
    public OpCode Type(OpCode plain)
    {
        bool isTtl = Mode is CreateMode.PersistentTtl or CreateMode.PersistentSequentialTtl;
        if (isTtl != TimeToLive is not null)
        {
            throw new ArgumentException(isTtl
                ? $"Mode {Mode} needs a time to live: use the create that takes one."
                : $"Mode {Mode} has no time to live: use PersistentTtl or PersistentSequentialTtl.");
        }

        return isTtl ? OpCode.CreateTtl : Mode == CreateMode.Container ? OpCode.CreateContainer : plain;
    }

    /// <summary>Writes data, access list and mode, and a time to live in milliseconds.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteBuffer(Data.Span);
        Freshet.Protocol.Jute.Acl.WriteList(writer, Acl ?? Freshet.Protocol.Jute.Acl.Open);
        writer.WriteInt32((int)Mode);
        if (TimeToLive is TimeSpan timeToLive)
        {
            writer.WriteInt64((long)timeToLive.TotalMilliseconds);
        }
    }
}
