namespace Freshet.Coordination.Access;

/// <summary>
/// The scheme <c>sasl</c>: identities come from a SASL exchange (opcode 102), whose only mechanism here is DIGEST-MD5. It is
/// weak, so it is on only where users are given.
/// </summary>
internal sealed class SaslScheme : IAuthenticationProvider
{
    private const string SuperName = "super";

    private readonly Dictionary<string, string> _users;
    private readonly IReadOnlyCollection<string> _superUsers;

    /// <exception cref="InvalidDataException">The JAAS file cannot be understood.</exception>
    public SaslScheme(CoordinationOptions options)
    {
        _users = options.JaasFile is string file ? JaasUsers.Read(file, options.JaasSection) : [];
        _superUsers = options.SaslSuperUsers;
        foreach ((string user, string password) in options.SaslUsers)
        {
            _users[user] = password;
        }
    }

    public string Scheme => "sasl";

    /// <summary>Begins an exchange; null where no users are known.</summary>
    public DigestMd5Exchange? Begin() => _users.Count == 0 ? null : new DigestMd5Exchange(_users);

    public bool IsValid(string id) => id.Length > 0;

    /// <summary>The user <c>super</c> passes every entry of this scheme, as in ZooKeeper: existing JAAS files name it for that.</summary>
    public bool Matches(string identity, string listed) => identity is SuperName || identity == listed;

    public bool IsSuper(string identity) => _superUsers.Contains(identity);
}
