using Freshet.Broker.Monitoring;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Requests;

/// <summary>Finds the handler of a request. What is registered here is what ApiVersions tells.</summary>
internal sealed class RequestDispatcher
{
    private readonly Dictionary<ApiKey, RequestHandler> _handlers;

    public RequestDispatcher(IReadOnlyCollection<RequestHandler> handlers)
    {
        Versions = new ApiVersionsHandler(handlers);
        _handlers = handlers.Append(Versions).ToDictionary(handler => handler.Key);
    }

    public ApiVersionsHandler Versions { get; }

    /// <summary>What is counted of requests and connections.</summary>
    public required BrokerFigures Figures { get; init; }

    /// <summary>The handler, or null when the API or the version is not spoken here.</summary>
    public RequestHandler? Find(ApiKey key, short version) =>
        _handlers.TryGetValue(key, out RequestHandler? handler) && version >= handler.FirstAcceptedVersion && version <= handler.MaxVersion
            ? handler
            : null;
}
