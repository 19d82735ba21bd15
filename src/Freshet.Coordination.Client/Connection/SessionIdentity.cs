using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>What a client must show to attach to its session again.</summary>
/// <param name="Id">0 before the session is open.</param>
/// <param name="Timeout">Negotiated; the server forgets a session that is silent for longer.</param>
internal sealed record SessionIdentity(long Id, byte[] Password, TimeSpan Timeout)
{
    public static SessionIdentity None(TimeSpan wanted) => new(0, new byte[ConnectRequest.PasswordLength], wanted);
}
