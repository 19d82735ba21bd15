using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>Reads the requests that go through the log.</summary>
internal static class WriteDecoder
{
    public static bool IsWrite(OpCode type) => type is OpCode.Multi or OpCode.CloseSession or OpCode.SetAcl || IsAllowedInMulti(type);

    /// <summary>Reads the one operation of a request, or all of a multi.</summary>
    /// <exception cref="JuteException">The request is malformed, or a multi holds what it may not.</exception>
    public static WriteOperation[] Read(OpCode type, ref JuteReader request)
    {
        if (type != OpCode.Multi)
        {
            return [ReadOne(type, ref request)];
        }

        List<WriteOperation> operations = [];
        for (MultiHeader header = MultiHeader.Read(ref request); !header.Done; header = MultiHeader.Read(ref request))
        {
            operations.Add(IsAllowedInMulti(header.Type)
                ? ReadOne(header.Type, ref request)
                : throw new JuteException($"A multi cannot hold a request of type {header.Type}."));
        }

        return [.. operations];
    }

    private static bool IsAllowedInMulti(OpCode type) => type is OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
        or OpCode.Delete or OpCode.SetData or OpCode.Check;

    private static WriteOperation ReadOne(OpCode type, ref JuteReader request) => type switch
    {
        OpCode.Delete => new DeleteOperation(ref request),
        OpCode.SetData => new SetDataOperation(ref request),
        OpCode.SetAcl => new SetAclOperation(ref request),
        OpCode.Check => new CheckOperation(ref request),
        OpCode.CloseSession => new CloseSessionOperation(),
        _ => new CreateOperation(type, ref request),
    };
}
