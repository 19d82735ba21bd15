using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>The scheme <c>world</c>, whose only identity <c>anyone</c> every connection has.</summary>
internal sealed class WorldScheme : IAuthenticationProvider
{
    private const string Anyone = "anyone";

    public string Scheme => "world";

    public bool IsAuthenticated => false;

    public IEnumerable<string> Identify(ConnectionContext connection) => [Anyone];

    public string? Authenticate(ConnectionContext connection, ReadOnlySpan<byte> credentials) => Anyone;

    public bool IsValid(string id) => id == Anyone;
}
