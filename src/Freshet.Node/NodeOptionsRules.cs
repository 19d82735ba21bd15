using System.Net;

namespace Freshet.Node;

/// <summary>What a node's options may be. Told before anything is opened, in words that name the option.</summary>
internal static class NodeOptionsRules
{
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static void Check(FreshetNodeOptions options)
    {
        if (!options.Coordination && !options.Broker)
        {
            throw new ArgumentException("The node would run nothing: leave Coordination or Broker true.", nameof(options));
        }

        if (options.DataDirectory is not null && string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            throw new ArgumentException("DataDirectory is empty: name a folder, or leave it null for data that goes with the node.", nameof(options));
        }

        CheckPort(options.CoordinationPort, nameof(options.CoordinationPort));
        CheckPort(options.KafkaPort, nameof(options.KafkaPort));
        CheckPort(options.HttpPort, nameof(options.HttpPort));
        CheckPort(options.MetricsPort, nameof(options.MetricsPort));
        CheckListeners(options.KafkaListeners);
    }

    private static void CheckListeners(IList<KafkaListener> listeners)
    {
        foreach (KafkaListener listener in listeners)
        {
            CheckPort(listener.Port, $"Port of the listener {listener.Name}");
            CheckPort(listener.AdvertisedPort, $"AdvertisedPort of the listener {listener.Name}");
        }

        if (listeners.GroupBy(listener => listener.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two of the KafkaListeners are named {twice.Key}: give each a Name of its own.", nameof(listeners));
        }
    }

    private static void CheckPort(int? port, string option)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            throw new ArgumentOutOfRangeException(option, port, $"{option} is a port from 1 to {IPEndPoint.MaxPort}, or 0 for a free one.");
        }
    }
}
