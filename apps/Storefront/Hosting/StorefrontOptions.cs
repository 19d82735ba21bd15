using Storefront.Visitors;

namespace Storefront.Hosting;

/// <summary>How to run the shop. Ports: 0 takes a free one.</summary>
internal sealed record StorefrontOptions
{
    /// <summary>Port of the web pages.</summary>
    public int Port { get; init; }

    public int CoordinationPort { get; init; }

    public int KafkaPort { get; init; }

    /// <summary>Folder of everything that stays: journal, log and checkpoints. Null throws all away at the end.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Events per second of the simulated visitors, 0 to <see cref="TrafficGenerator.MaxPerSecond"/>.</summary>
    public int EventsPerSecond { get; init; } = 20;

    /// <summary>Same seed, same visitors.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Invoice log to replay; its items are then what the shop sells. Null replays none.</summary>
    public string? ReplayFile { get; init; }

    /// <summary>How many times faster than it happened the log is replayed; null as fast as it goes.</summary>
    public double? ReplaySpeed { get; init; }

    /// <summary>What is logged to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}
