namespace Freshet.Broker.Authentication;

/// <summary>A way for clients to prove who they are.</summary>
internal interface ISaslMechanism
{
    string Name { get; }

    /// <summary>Begins with one client.</summary>
    ISaslExchange Start();
}

/// <summary>One client's proof in progress.</summary>
internal interface ISaslExchange
{
    /// <summary>Takes the client's next token.</summary>
    ValueTask<SaslReply> AdvanceAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation);
}
