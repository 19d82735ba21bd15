using Microsoft.Extensions.Configuration;

namespace Freshet.Coordination.Client.Configuration;

/// <summary>Configuration from the JSON document in a znode, followed while the program runs.</summary>
public sealed class CoordinationConfigurationSource : IConfigurationSource
{
    /// <summary>How to reach the service. The provider has a session of its own, and opens another when that one ends.</summary>
    public CoordinationClientOptions Client { get; set; } = new();

    /// <summary>The znode.</summary>
    public string Path { get; set; } = "/";

    /// <summary>
    /// Whether the program may start without: when the znode is missing, or no server answers within <see cref="LoadTimeout"/>. Keys
    /// appear when they can. False (the default) makes <see cref="IConfigurationProvider.Load"/> throw in both cases.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>Longest wait of the first <see cref="IConfigurationProvider.Load"/>, which blocks its thread. 15 seconds survive a server's restart.</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Hears of what goes wrong after the first load, such as a document that is no JSON; the last good keys stay. Called on the
    /// provider's own loop: be brief, and throw nothing.
    /// </summary>
    public Action<Exception>? OnFault { get; set; }

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new CoordinationConfigurationProvider(this);
}
