using System.Net;
using Freshet.Broker;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>What the lines of a server.properties add up to, before it becomes options.</summary>
internal sealed class KafkaSettings
{
    public FreshetNodeOptions Node { get; } = new() { CoordinationPort = null };

    /// <summary>Settings of the broker itself, in the order of their lines.</summary>
    public List<Action<BrokerOptions>> Broker { get; } = [];

    public List<string> Warnings { get; } = [];

    public KafkaListenerSettings Listeners { get; } = new();

    public KafkaTlsSettings Tls { get; } = new();

    public KafkaSaslSettings Sasl { get; } = new();

    public AuthorizerOptions Authorizer { get; } = new();

    public void Complete(string path)
    {
        foreach (KafkaListener listener in Listeners.Complete(this, path))
        {
            Node.KafkaListeners.Add(listener);
        }

        foreach (KafkaListener listener in Node.KafkaListeners.Where(listener => listener.Protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl))
        {
            SaslOptions sasl = Sasl.Complete(listener.Name, path);
            Broker.Add(broker => KafkaKeys.OptionsOf(broker, listener.Name).Sasl = sasl);
        }

        WarnOfOpenPorts(path);
        Node.ConfigureBroker = broker =>
        {
            Broker.ForEach(set => set(broker));
            broker.Authorizer = Authorizer;
        };
    }

    private void WarnOfOpenPorts(string path)
    {
        foreach (KafkaListener listener in Node.KafkaListeners.Where(listener => !IPAddress.IsLoopback(listener.Address!)))
        {
            if (listener.Protocol is SecurityProtocol.Plaintext)
            {
                Warnings.Add($"{path}: the listener {listener.Name} is open to the network without TLS and without asking who is there.");
            }
            else if (listener.Protocol is SecurityProtocol.SaslPlaintext)
            {
                Warnings.Add($"{path}: the listener {listener.Name} is open to the network without TLS: records, and passwords by PLAIN, can be read on the way.");
            }
        }
    }
}
