using Freshet.Coordination.Client;
using Freshet.Coordination.Client.Configuration;

namespace Microsoft.Extensions.Configuration;

/// <summary>Adds configuration from a coordination service.</summary>
public static class CoordinationConfigurationExtensions
{
    /// <summary>Adds the keys of the JSON document in a znode. They change, and change tokens fire, whenever the znode does.</summary>
    /// <param name="connectString">Servers as <c>host:port[,host:port...][/chroot]</c>.</param>
    /// <param name="path">The znode, such as <c>/config/shop</c>.</param>
    /// <param name="optional">Whether the program may start without; see <see cref="CoordinationConfigurationSource.Optional"/>.</param>
    public static IConfigurationBuilder AddCoordination(this IConfigurationBuilder builder, string connectString, string path, bool optional = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectString);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.AddCoordination(source =>
        {
            source.Client = new CoordinationClientOptions { ConnectString = connectString };
            source.Path = path;
            source.Optional = optional;
        });
    }

    /// <summary>Adds the keys of the JSON document in a znode, with every setting of the source open.</summary>
    public static IConfigurationBuilder AddCoordination(this IConfigurationBuilder builder, Action<CoordinationConfigurationSource> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Add(configure);
    }
}
