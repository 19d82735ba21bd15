namespace Freshet.Protocol.Jute;

/// <summary>A znode's metadata, 68 bytes on the wire.</summary>
/// <param name="Czxid">zxid of its creation.</param>
/// <param name="Mzxid">zxid of its data's last change.</param>
/// <param name="Ctime">Creation, in milliseconds since the Unix epoch.</param>
/// <param name="Mtime">Last change of the data, in milliseconds since the Unix epoch.</param>
/// <param name="Version">Changes of the data.</param>
/// <param name="Cversion">Creations plus deletions of children.</param>
/// <param name="Aversion">Changes of the access list.</param>
/// <param name="EphemeralOwner">Session of an ephemeral znode, else 0.</param>
/// <param name="DataLength">Bytes of data; 0 for null.</param>
/// <param name="NumChildren">Children now.</param>
/// <param name="Pzxid">zxid of the last creation or deletion of a child.</param>
public readonly record struct Stat(
    long Czxid, long Mzxid, long Ctime, long Mtime, int Version, int Cversion, int Aversion,
    long EphemeralOwner, int DataLength, int NumChildren, long Pzxid)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 68;

    /// <summary>Reads the record.</summary>
    public static Stat Read(ref JuteReader reader) => new(
        reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(),
        reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());

    /// <summary>Writes the record.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt64(Czxid);
        writer.WriteInt64(Mzxid);
        writer.WriteInt64(Ctime);
        writer.WriteInt64(Mtime);
        writer.WriteInt32(Version);
        writer.WriteInt32(Cversion);
        writer.WriteInt32(Aversion);
        writer.WriteInt64(EphemeralOwner);
        writer.WriteInt32(DataLength);
        writer.WriteInt32(NumChildren);
        writer.WriteInt64(Pzxid);
    }
}
