using Freshet.Coordination.Access;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests;

/// <summary>auth: adds an identity to the connection. Credentials that prove nothing end it.</summary>
internal static class AuthRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request)
    {
        _ = request.ReadInt32(); // type, always 0
        string? scheme = request.ReadString();
        ReadOnlySpan<byte> credentials = request.ReadBuffer(out _);
        switch (scheme)
        {
            case "digest" when DigestScheme.Prove(credentials) is string id:
                context.Connection.Identities.Add("digest", id);
                return ErrorCode.Ok;
            case "ip" or "world":
                return ErrorCode.Ok; // every connection has these anyway
            default:
                return ErrorCode.AuthFailed;
        }
    }
}
