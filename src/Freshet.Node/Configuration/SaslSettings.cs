using Freshet.Coordination;

namespace Freshet.Node.Configuration;

/// <summary>The lines of a zoo.cfg about SASL users: where they are, and who of them is a super user.</summary>
internal sealed class SaslSettings
{
    private const string SuperUser = "superUser";
    private const string Provider = "authProvider.";

    private readonly List<string> _superUsers = [];
    private ConfigurationEntry? _provider;
    private string? _jaasFile;
    private string? _jaasSection;
    private string? _superPassword;

    /// <summary>Takes a line; false when it is about something else.</summary>
    public bool TryApply(ConfigurationEntry line)
    {
        switch (line.Key)
        {
            case "java.security.auth.login.config":
                _jaasFile = line.Path();
                return true;
            case "sasl.serverconfig":
                _jaasSection = line.Value;
                return true;
            case "SASLAuthenticationProvider.superPassword":
                _superPassword = line.Value;
                return true;
            case SuperUser:
                _superUsers.Add(line.Value);
                return true;
            default:
                return TryApplyNumbered(line);
        }
    }

    public void Complete(List<Action<CoordinationOptions>> server, List<string> warnings)
    {
        if (_provider is ConfigurationEntry line && _jaasFile is null && _superPassword is null)
        {
            warnings.Add(line.Note("The file says nothing of users, which Apache ZooKeeper gets by a flag of Java: "
                + "name their JAAS file with --jaas FILE or here as java.security.auth.login.config."));
        }

        server.Add(options =>
        {
            options.JaasFile = _jaasFile;
            options.JaasSection = _jaasSection ?? options.JaasSection;
            options.SaslSuperUsers = _superUsers;
            if (_superPassword is not null)
            {
                options.SaslUsers = new Dictionary<string, string> { ["super"] = _superPassword };
            }
        });
    }

    private bool TryApplyNumbered(ConfigurationEntry line)
    {
        if (line.Key.StartsWith(SuperUser + ".", StringComparison.Ordinal))
        {
            _superUsers.Add(line.Value);
            return true;
        }

        if (!line.Key.StartsWith(Provider, StringComparison.Ordinal))
        {
            return false;
        }

        // The others of Apache's own are always there; only SASL needs users.
        switch (line.Value.Split('.')[^1])
        {
            case "SASLAuthenticationProvider":
                _provider = line;
                return true;
            case "X509AuthenticationProvider" or "DigestAuthenticationProvider" or "IPAuthenticationProvider":
                return true;
            default:
                return false;
        }
    }
}
