using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Requests;

/// <summary>Answers one API. Registered in <see cref="RequestDispatcher"/>, which advertises its versions.</summary>
internal abstract class RequestHandler
{
    public abstract ApiKey Key { get; }

    /// <summary>First version told to clients.</summary>
    public abstract short MinVersion { get; }

    /// <summary>Last version told to clients and accepted.</summary>
    public abstract short MaxVersion { get; }

    /// <summary>First version accepted; only Produce tells another one than it accepts.</summary>
    public virtual short FirstAcceptedVersion => MinVersion;

    /// <summary>Decodes the request and answers it. Null means that nothing is sent, as for Produce with acks=0.</summary>
    /// <remarks>
    /// Requests of one connection come here one after the other, so appends keep their order. A handler may wait as long as it
    /// likes without holding a thread. The frame's bytes stay valid until the returned task completes; an answer that is
    /// <see cref="IDisposable"/> is disposed once it is written.
    /// </remarks>
    public abstract ValueTask<IKafkaWritable?> HandleAsync(RequestContext context, CancellationToken cancellation);
}

/// <summary>Answers one API, given its decoded request.</summary>
/// <typeparam name="TRequest">The request's message.</typeparam>
internal abstract class RequestHandler<TRequest> : RequestHandler
    where TRequest : IKafkaReadable<TRequest>
{
    public sealed override ValueTask<IKafkaWritable?> HandleAsync(RequestContext context, CancellationToken cancellation) =>
        HandleAsync(Decode(context), context, cancellation);

    /// <summary>Answers the request.</summary>
    protected abstract ValueTask<IKafkaWritable?> HandleAsync(TRequest request, RequestContext context, CancellationToken cancellation);

    private static TRequest Decode(RequestContext context)
    {
        // Bytes after the request are let pass, as Apache Kafka does: librdkafka 2.16 sends three of them when it asks for all topics.
        RequestHeader.Read(context.Frame, out KafkaReader body);
        return TRequest.Read(ref body);
    }
}
