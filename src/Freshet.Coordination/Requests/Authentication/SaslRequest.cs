using Freshet.Coordination.Requests.Reads;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Authentication;

/// <summary>sasl: one step of a SASL exchange. A client that fails is told so and closed.</summary>
internal static class SaslRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        if (context.Connection.Login.ContinueSasl(request.ReadBuffer(out _)) is not byte[] token)
        {
            return context.Connection.Identities.IsAdmitted ? ErrorCode.AuthFailed : ErrorCode.SessionClosedRequireSaslAuth;
        }

        reply.WriteBuffer(token);
        return ErrorCode.Ok;
    }
}
