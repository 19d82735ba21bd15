using Freshet.Coordination.Connections;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>How one client proves who it is: by the credentials of auth requests, or by a SASL exchange. What it proves is added to its identities.</summary>
internal sealed class Login(ClientConnection connection, ConnectionContext transport, CoordinationServer server)
{
    private DigestMd5Exchange? _sasl;

    /// <summary>Adds the identity that the credentials prove; false when they prove none.</summary>
    public bool Authenticate(string? scheme, ReadOnlySpan<byte> credentials)
    {
        IAuthenticationProvider? provider = scheme is null ? null : server.Schemes.Find(scheme);
        if (provider?.Authenticate(transport, credentials) is string id)
        {
            connection.Identities.Add(new Identity(provider, id));
            return true;
        }

        Failed(scheme);
        return false;
    }

    /// <summary>Takes the next token of a SASL exchange, or the first of a new one; null when it has failed.</summary>
    public byte[]? ContinueSasl(ReadOnlySpan<byte> token)
    {
        SaslScheme sasl = server.Schemes.Sasl;
        _sasl ??= sasl.Begin();
        byte[]? answer = _sasl?.Next(token);
        if (answer is null)
        {
            Failed(sasl.Scheme);
        }
        else if (_sasl!.User is string user)
        {
            connection.Identities.Add(new Identity(sasl, user));
            _sasl = null;
        }

        return answer;
    }

    private void Failed(string? scheme) => server.Log.AuthenticationFailed(connection.RemoteAddress, scheme);
}
