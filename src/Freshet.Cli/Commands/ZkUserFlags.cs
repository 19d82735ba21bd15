using System.CommandLine;
using Freshet.Coordination.Client;

namespace Freshet.Cli.Commands;

/// <summary>
/// The flags that say who uses the shell. The password comes in a file or in the environment, because arguments are seen by everyone on the
/// machine.
/// </summary>
internal sealed class ZkUserFlags
{
    /// <summary>Variable with the password when no file is named.</summary>
    private const string Variable = "FRESHET_ZK_PASSWORD";

    private readonly Option<string?> _user = new("--user") { Description = $"User to log in as. The password stands in --password-file or in the variable {Variable}." };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "File with the user's password and nothing else." };
    private readonly Option<string> _scheme = new("--auth") { Description = "How to log in: digest, or sasl for DIGEST-MD5.", DefaultValueFactory = _ => "digest" };

    public void AddTo(Command command)
    {
        _scheme.AcceptOnlyFromAmong("digest", "sasl");
        Option[] all = [_user, _passwordFile, _scheme];
        Array.ForEach(all, command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_passwordFile) is not null && result.GetValue(_user) is null)
            {
                result.AddError("--password-file needs --user NAME.");
            }
        });
    }

    /// <summary>The user's credentials; none without a user.</summary>
    /// <exception cref="InvalidDataException">There is a user and no password.</exception>
    /// <exception cref="IOException">The password file cannot be read.</exception>
    public IReadOnlyCollection<ClientCredential> Read(ParseResult parsed)
    {
        if (parsed.GetValue(_user) is not string user)
        {
            return [];
        }

        string password = parsed.GetValue(_passwordFile) is string file
            ? File.ReadAllText(file).TrimEnd('\r', '\n')
            : Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidDataException($"--user needs a password: name a file with --password-file FILE, or set {Variable}.");
        return [parsed.GetValue(_scheme) == "sasl" ? ClientCredential.Sasl(user, password) : ClientCredential.Digest(user, password)];
    }
}
