using Freshet.Coordination.Requests.Reads;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Authentication;

/// <summary>auth: adds an identity to the connection. Credentials that prove nothing end it.</summary>
internal static class AuthRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request)
    {
        _ = request.ReadInt32(); // type, always 0
        string? scheme = request.ReadString();
        return context.Connection.Login.Authenticate(scheme, request.ReadBuffer(out _)) ? ErrorCode.Ok : ErrorCode.AuthFailed;
    }
}
