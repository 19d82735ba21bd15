namespace Freshet.Coordination.Client;

/// <summary>Where a session stands.</summary>
public enum ConnectionState
{
    /// <summary>Looking for a server. While it lasts nothing is known about the session's locks and ephemeral znodes.</summary>
    Connecting,

    /// <summary>A server serves the session.</summary>
    Connected,

    /// <summary>The server said that the session is over. Final.</summary>
    Expired,

    /// <summary>The client was closed. Final.</summary>
    Closed,

    /// <summary>The service admits only clients that prove an identity, and this one has not; see <see cref="CoordinationClientOptions.Credentials"/>. Final.</summary>
    AuthFailed,
}

internal static class ConnectionStates
{
    /// <summary>Whether the session is over.</summary>
    public static bool IsFinal(this ConnectionState state) => state is ConnectionState.Expired or ConnectionState.Closed or ConnectionState.AuthFailed;
}
