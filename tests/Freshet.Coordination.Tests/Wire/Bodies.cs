using System.Text;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>Bodies of requests.</summary>
internal static class Bodies
{
    public static Action<JuteWriter> None { get; } = _ => { };

    public static Action<JuteWriter> Create(string path, CreateMode mode = CreateMode.Persistent, string? data = "x", IReadOnlyList<Acl>? acl = null) => writer =>
    {
        writer.WriteString(path);
        writer.WriteBuffer(data is null ? null : Encoding.UTF8.GetBytes(data));
        Acl.WriteList(writer, acl ?? Acl.Open);
        writer.WriteInt32((int)mode);
    };

    public static Action<JuteWriter> CreateTtl(string path, long ttl) => writer =>
    {
        Create(path, CreateMode.PersistentTtl)(writer);
        writer.WriteInt64(ttl);
    };

    public static Action<JuteWriter> Auth(string scheme, string credentials) => writer =>
    {
        writer.WriteInt32(0);
        writer.WriteString(scheme);
        writer.WriteBuffer(Encoding.UTF8.GetBytes(credentials));
    };

    public static Action<JuteWriter> Delete(string path, int version = -1) => writer =>
    {
        writer.WriteString(path);
        writer.WriteInt32(version);
    };

    public static Action<JuteWriter> SetData(string path, string data, int version = -1) => writer =>
    {
        writer.WriteString(path);
        writer.WriteBuffer(Encoding.UTF8.GetBytes(data));
        writer.WriteInt32(version);
    };

    public static Action<JuteWriter> Read(string path, bool watch = false) => writer =>
    {
        writer.WriteString(path);
        writer.WriteBool(watch);
    };

    public static Action<JuteWriter> Path(string path) => writer => writer.WriteString(path);

    public static Action<JuteWriter> Multi(params (OpCode Type, Action<JuteWriter> Body)[] operations) => writer =>
    {
        foreach ((OpCode type, Action<JuteWriter> body) in operations)
        {
            new MultiHeader(type, Done: false, -1).Write(writer);
            body(writer);
        }

        MultiHeader.End.Write(writer);
    };
}
