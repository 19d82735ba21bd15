namespace Freshet.Coordination.Access;

/// <summary>The authentication schemes of a server, by name.</summary>
internal sealed class AuthenticationSchemes
{
    private readonly Dictionary<string, IAuthenticationProvider> _byName = [];
    private readonly IReadOnlyCollection<string> _required;

    /// <exception cref="InvalidDataException">The JAAS file cannot be understood.</exception>
    /// <exception cref="ArgumentException">An option names a scheme that there is not, or is no digest.</exception>
    public AuthenticationSchemes(CoordinationOptions options)
    {
        if (options.SuperDigest is string digest && !DigestScheme.IsDigest(digest))
        {
            throw new ArgumentException("SuperDigest must be user:base64(SHA1(user:password)), not a password.", nameof(options));
        }

        Sasl = new SaslScheme(options);
        foreach (IAuthenticationProvider provider in (IAuthenticationProvider[])
            [new WorldScheme(), new IpScheme(), .. Digest(options), new X509Scheme(options.X509SuperUser), Sasl, .. options.AuthenticationProviders])
        {
            _byName[provider.Scheme] = provider;
        }

        AskNothing = options.SkipAcl;
        _required = options.RequiredAuthenticationSchemes;
        if (_required.FirstOrDefault(scheme => !_byName.ContainsKey(scheme)) is string unknown)
        {
            throw new ArgumentException($"RequiredAuthenticationSchemes names {unknown}, but the schemes are {string.Join(", ", _byName.Keys)}.", nameof(options));
        }
    }

    public SaslScheme Sasl { get; }

    /// <summary>Whether everyone passes every access list.</summary>
    public bool AskNothing { get; }

    public IEnumerable<IAuthenticationProvider> All => _byName.Values;

    /// <summary>Whether a client must prove an identity before it may do anything else.</summary>
    public bool AreRequired => _required.Count > 0;

    public IAuthenticationProvider? Find(string scheme) => _byName.GetValueOrDefault(scheme);

    private static DigestScheme[] Digest(CoordinationOptions options) =>
        options.DigestAuthentication ? [new DigestScheme(options.SuperDigest, options.DigestAlgorithm)] : [];

    /// <summary>Whether an identity under the scheme is enough where one is required.</summary>
    public bool Admits(string scheme) => _required.Contains(scheme);
}
