using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Freshet.Node;
using Freshet.Node.Configuration;

namespace Freshet.Cli.Commands;

/// <summary>The flags of <c>freshet coordination</c>: a zoo.cfg says what holds, and a flag that is given overrides it.</summary>
internal sealed class CoordinationFlags
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "A zoo.cfg of Apache ZooKeeper to take the settings from; other flags override it.",
    };

    private readonly Option<string?> _data = ServiceOptions.Data();
    private readonly Option<int> _port = ServiceOptions.Port("--port", 2181, "Port to listen on; 0 takes a free one.");
    private readonly Option<IPAddress> _address = ServiceOptions.Address();

    private readonly Option<string?> _words = new("--four-letter-words")
    {
        Description = "Four-letter words that are answered, separated by commas; * for all. Without it: srvr.",
    };

    private readonly Option<string?> _jaas = new("--jaas")
    {
        Description = "JAAS file with the users of SASL (user_NAME=\"password\"), as Apache ZooKeeper's -Djava.security.auth.login.config names it.",
    };

    private readonly Option<int?> _httpPort = ServiceOptions.OptionalPort("--http-port", "Port of the HTTP pages (health, admin commands, metrics); 0 takes a free one. Without it there are none.");
    private readonly Option<IPAddress> _httpAddress = ServiceOptions.HttpAddress();

    private readonly TlsFlags _tls = new();

    public void AddTo(Command command)
    {
        Option[] all = [_config, _data, _port, _address, _words, _jaas, _httpPort, _httpAddress];
        Array.ForEach(all, command.Options.Add);
        _tls.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_data) is null && result.GetValue(_config) is null)
            {
                result.AddError("Say where the data goes: --data DIR, or --config FILE with a zoo.cfg that names a dataDir.");
            }
        });
    }

    /// <exception cref="InvalidDataException">The configuration file cannot be used as it is.</exception>
    /// <exception cref="IOException">The configuration file cannot be read.</exception>
    public (FreshetNodeOptions Options, IReadOnlyList<string> Warnings) Read(ParseResult parsed)
    {
        string? path = parsed.GetValue(_config);
        ZooKeeperConfiguration? file = path is null ? null : ZooKeeperConfiguration.Read(path);
        FreshetNodeOptions options = file?.Options ?? new FreshetNodeOptions { Broker = false };
        Override(parsed, file, _data, directory => options.DataDirectory = directory);
        Override(parsed, file, _port, port => options.CoordinationPort = port);
        Override(parsed, file, _address, address => options.Address = address);
        Override(parsed, file, _httpPort, port => options.HttpPort = port);
        Override(parsed, file, _httpAddress, address => options.HttpAddress = address);
        options.CoordinationTls = _tls.SecurePort(parsed) ?? options.CoordinationTls;
        options.CoordinationPortUnification = _tls.ClientPort(parsed) ?? options.CoordinationPortUnification;
        if (parsed.GetValue(_words) is string words)
        {
            options.ConfigureCoordination += server => server.FourLetterWords = words.Split(',', StringSplitOptions.TrimEntries);
        }

        if (parsed.GetValue(_jaas) is string jaas)
        {
            options.ConfigureCoordination += server => server.JaasFile = jaas;
        }

        return options.DataDirectory is null
            ? throw new InvalidDataException($"{path} names no dataDir. Add a line such as dataDir=/var/lib/freshet, or give --data DIR.")
            : (options, file?.Warnings ?? []);
    }

    /// <summary>Applies a flag that was given; its default applies only where no file can say otherwise.</summary>
    private static void Override<T>(ParseResult parsed, ZooKeeperConfiguration? file, Option<T> option, Action<T> apply)
    {
        bool isGiven = parsed.GetResult(option) is OptionResult { Implicit: false };
        if (isGiven || file is null)
        {
            apply(parsed.GetValue(option)!);
        }
    }
}
