using Freshet.Broker.Monitoring;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests;

/// <summary>Finds the handler of a request. What is registered here is what ApiVersions tells.</summary>
internal sealed class RequestDispatcher
{
    // By the number of the API, which is a client's word: read with care.
    private readonly RequestHandler?[] _handlers;

    public RequestDispatcher(IReadOnlyCollection<RequestHandler> handlers)
    {
        Versions = new ApiVersionsHandler(handlers);
        _handlers = new RequestHandler?[(int)Enum.GetValues<ApiKey>()[^1] + 1];
        foreach (RequestHandler handler in handlers.Append(Versions))
        {
            _handlers[(int)handler.Key] = handler;
        }
    }

    public ApiVersionsHandler Versions { get; }

    /// <summary>What is counted of requests and connections.</summary>
    public required BrokerFigures Figures { get; init; }

    /// <summary>Where every request is told of at the level of debugging: a logger of its own, because that is much.</summary>
    public required ILogger Log { get; init; }

    /// <summary>The handler, or null when the API or the version is not spoken here.</summary>
    public RequestHandler? Find(ApiKey key, short version) =>
        (uint)key < _handlers.Length && _handlers[(int)key] is { } handler && version >= handler.FirstAcceptedVersion && version <= handler.MaxVersion
            ? handler
            : null;
}
