using System.Net;
using Freshet.Broker;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The lines about listeners: where to listen, what to tell clients, and how each is protected.</summary>
internal sealed class KafkaListenerSettings
{
    private const int UsualPort = 9092;
    private ConfigurationEntry? _listeners;
    private ConfigurationEntry? _advertised;
    private ConfigurationEntry? _protocols;
    private string[] _controllers = [];

    public static Dictionary<string, Action<KafkaListenerSettings, ConfigurationEntry>> Keys { get; } = new(StringComparer.Ordinal)
    {
        ["listeners"] = (settings, line) => settings._listeners = line,
        ["advertised.listeners"] = (settings, line) => settings._advertised = line,
        ["listener.security.protocol.map"] = (settings, line) => settings._protocols = line,
        ["controller.listener.names"] = (settings, line) => settings._controllers = Split(line.Value),
    };

    /// <summary>The listeners for clients; those of controllers are left out.</summary>
    public IEnumerable<KafkaListener> Complete(KafkaSettings all, string path)
    {
        Dictionary<string, SecurityProtocol> protocols = Protocols();
        Dictionary<string, ListenerAddress> advertised = _advertised is { } told ? ClientAddresses(told) : [];
        ListenerAddress[] bound = _listeners is { } line ? [.. ClientAddresses(line).Values] : [new ListenerAddress("PLAINTEXT", "", UsualPort)];
        if (bound.Length == 0)
        {
            throw _listeners!.Value.Wrong("It must have a listener for clients, such as PLAINTEXT://127.0.0.1:9092.");
        }

        if (_advertised is { } extra && advertised.Keys.Except(bound.Select(address => address.Name)).FirstOrDefault() is { } unknown)
        {
            throw extra.Wrong($"There is no listener {unknown}; listeners must name it too.");
        }

        return [.. bound.Select(address => Complete(address, advertised.TryGetValue(address.Name, out ListenerAddress other) ? other : null, protocols, all, path))];
    }

    private KafkaListener Complete(ListenerAddress address, ListenerAddress? advertised, Dictionary<string, SecurityProtocol> protocols, KafkaSettings all, string path)
    {
        if (!protocols.TryGetValue(address.Name, out SecurityProtocol protocol))
        {
            throw _listeners!.Value.Wrong($"{address.Name} is no security protocol, so listener.security.protocol.map must say which it has, such as {address.Name}:SSL.");
        }

        if (address.Host.Length == 0)
        {
            all.Warnings.Add($"{path}: the listener {address.Name} names no host: listening on 127.0.0.1 only. Apache Kafka would be open to every "
                + $"network; {address.Name}://0.0.0.0:{address.Port} does the same here.");
        }

        bool usesTls = protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;
        return new KafkaListener
        {
            Name = address.Name,
            Protocol = protocol,
            Address = address.Host.Length == 0 ? IPAddress.Loopback : (_listeners!.Value with { Value = address.Host }).Address(),
            Port = address.Port,
            AdvertisedHost = advertised is { Host.Length: > 0 } told ? told.Host : null,
            AdvertisedPort = advertised?.Port,
            Tls = usesTls ? all.Tls.Complete(address.Name, path) : null,
        };
    }

    private Dictionary<string, SecurityProtocol> Protocols()
    {
        var protocols = new Dictionary<string, SecurityProtocol>
        {
            ["PLAINTEXT"] = SecurityProtocol.Plaintext,
            ["SSL"] = SecurityProtocol.Ssl,
            ["SASL_PLAINTEXT"] = SecurityProtocol.SaslPlaintext,
            ["SASL_SSL"] = SecurityProtocol.SaslSsl,
        };
        if (_protocols is not { } line)
        {
            return protocols;
        }

        var named = new Dictionary<string, SecurityProtocol>();
        foreach (string pair in Split(line.Value))
        {
            named[pair.Split(':')[0].Trim()] = pair.Split(':') is [_, var name] && protocols.TryGetValue(name.Trim().ToUpperInvariant(), out SecurityProtocol protocol)
                ? protocol
                : throw line.Wrong($"'{pair}' must be a listener's name, a colon and one of PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL.");
        }

        return named;
    }

    private Dictionary<string, ListenerAddress> ClientAddresses(ConfigurationEntry line)
    {
        var addresses = new Dictionary<string, ListenerAddress>();
        foreach (string text in Split(line.Value))
        {
            if (!ListenerAddress.TryParse(text, out ListenerAddress address))
            {
                throw line.Wrong($"'{text}' must be written as NAME://host:port.");
            }

            if (!addresses.TryAdd(address.Name, address))
            {
                throw line.Wrong($"It names the listener {address.Name} twice.");
            }
        }

        Array.ForEach(_controllers, name => addresses.Remove(name));
        return addresses;
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
