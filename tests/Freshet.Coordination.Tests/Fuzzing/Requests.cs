using Freshet.Coordination.Tests.Wire;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Fuzzing;

/// <summary>One good request of every kind: what fuzzing begins with.</summary>
internal static class Requests
{
    private static readonly (OpCode Type, Action<JuteWriter> Body)[] All =
    [
        (OpCode.Create, Bodies.Create("/a/n-", CreateMode.PersistentSequential)),
        (OpCode.Create2, Bodies.Create("/a/e-", CreateMode.EphemeralSequential, acl: [new Acl(AclPermissions.All, "ip", "127.0.0.1/8"), new Acl(AclPermissions.Read, "auth", "")])),
        (OpCode.CreateContainer, Bodies.Create("/a/container", CreateMode.Container, data: null)),
        (OpCode.CreateTtl, Bodies.CreateTtl("/a/ttl", 1000)),
        (OpCode.Delete, Bodies.Delete("/a/n-0000000003")),
        (OpCode.Exists, Bodies.Read("/a", watch: true)),
        (OpCode.GetData, Bodies.Read("/a", watch: true)),
        (OpCode.SetData, Bodies.SetData("/a", "data")),
        (OpCode.GetAcl, Bodies.Path("/a")),
        (OpCode.SetAcl, SetAcl),
        (OpCode.GetChildren, Bodies.Read("/a", watch: true)),
        (OpCode.GetChildren2, Bodies.Read("/a")),
        (OpCode.Sync, Bodies.Path("/a")),
        (OpCode.Ping, Bodies.None),
        (OpCode.Check, Bodies.Delete("/a")),
        (OpCode.Multi, Bodies.Multi((OpCode.Create, Bodies.Create("/a/m")), (OpCode.Check, Bodies.Delete("/a/m", 0)), (OpCode.Delete, Bodies.Delete("/a/m")))),
        (OpCode.Multi, Bodies.Multi((OpCode.Multi, Bodies.Multi((OpCode.Multi, Bodies.Multi((OpCode.SetData, Bodies.SetData("/a", "x")))))))),
        (OpCode.MultiRead, Bodies.Multi((OpCode.GetData, Bodies.Read("/a")), (OpCode.GetChildren, Bodies.Read("/a")))),
        (OpCode.Auth, Bodies.Auth("digest", "u:p")),
        (OpCode.Sasl, writer => writer.WriteBuffer([])),
        (OpCode.Sasl, writer => writer.WriteBuffer("username=\"u\",realm=\"zk-sasl-md5\",nonce=\"n\",nc=00000001,cnonce=\"c\",response=00"u8)),
        (OpCode.SetWatches, writer => SetWatches(writer, lists: 3)),
        (OpCode.SetWatches2, writer => SetWatches(writer, lists: 5)),
        (OpCode.SetWatches2, writer =>
        {
            SetWatches(writer, lists: 5);
            new EventReplay(1).Write(writer);
        }),
        (OpCode.AddWatch, Bodies.Delete("/a", 1)),
        (OpCode.CheckWatches, Bodies.Delete("/a", 3)),
        (OpCode.RemoveWatches, Bodies.Delete("/a", 3)),
        (OpCode.GetEphemerals, Bodies.Path("/a")),
        (OpCode.GetAllChildrenNumber, Bodies.Path("/")),
        (OpCode.WhoAmI, Bodies.None),
        (OpCode.Reconfig, Bodies.Path("server.1=a:1:2")),
        (OpCode.CloseSession, Bodies.None),
    ];

    /// <summary>A frame without its length.</summary>
    public static byte[] Pick(Random random, int xid)
    {
        (OpCode type, Action<JuteWriter> body) = All[random.Next(All.Length)];
        using var writer = new JuteWriter();
        new RequestHeader(xid, type).Write(writer);
        body(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static void SetAcl(JuteWriter writer)
    {
        writer.WriteString("/a");
        Acl.WriteList(writer, Acl.Open);
        writer.WriteInt32(-1);
    }

    private static void SetWatches(JuteWriter writer, int lists)
    {
        writer.WriteInt64(1);
        for (int i = 0; i < lists; i++)
        {
            writer.WriteStrings(["/a", "/missing"]);
        }
    }
}
