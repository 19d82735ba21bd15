using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Sessions;

/// <summary>A client's session. It outlives connections; its ephemeral znodes live as long as it does.</summary>
internal sealed class Session(long id, int timeout)
{
    public long Id => id;

    /// <summary>Milliseconds without a packet after which the session may expire. Set anew at every re-attach.</summary>
    public int Timeout { get; set; } = timeout;

    /// <summary>The expiry bucket the session is in; see <see cref="SessionExpiry"/>.</summary>
    public long Bucket { get; set; } = SessionExpiry.NoBucket;

    /// <summary>The connection that owns the session now; null while its client is away.</summary>
    public ClientConnection? Connection { get; set; }

    /// <summary>True from the moment its end is proposed: nothing more is accepted from it.</summary>
    public bool IsClosing { get; set; }

    /// <summary>The last write proposed for it. A new connection waits for that before it may read.</summary>
    public long LastProposed { get; set; }
}
