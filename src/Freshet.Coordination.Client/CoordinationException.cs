using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>An operation failed. <see cref="Error"/> says why, in the protocol's own codes.</summary>
public sealed class CoordinationException : Exception
{
    /// <param name="error">The protocol's error code.</param>
    /// <param name="operation">What was asked, such as <c>Create</c>.</param>
    /// <param name="path">The znode it was asked of, if any.</param>
    public CoordinationException(ErrorCode error, string operation, string? path)
        : base($"{operation}{(path is null ? "" : $" {path}")}: {Explain(error)}")
    {
        Error = error;
        Path = path;
    }

    /// <summary>A failure with a reason of its own below it.</summary>
    internal CoordinationException(ErrorCode error, string message, Exception? inner)
        : base(message, inner) => Error = error;

    /// <summary>The protocol's error code.</summary>
    public ErrorCode Error { get; }

    /// <summary>The znode, if the operation was about one.</summary>
    public string? Path { get; }

    /// <summary>
    /// Whether the same call may succeed later without anything else changing. After <see cref="ErrorCode.ConnectionLoss"/> the
    /// outcome of a write is unknown: read before writing again.
    /// </summary>
    public bool IsTransient => Error is ErrorCode.ConnectionLoss or ErrorCode.OperationTimeout or ErrorCode.ThrottledOp;

    private static string Explain(ErrorCode error) => error switch
    {
        ErrorCode.NoNode => "the znode does not exist.",
        ErrorCode.NodeExists => "the znode exists already.",
        ErrorCode.NotEmpty => "the znode has children; delete them first.",
        ErrorCode.BadVersion => "the znode has another version by now; read it again.",
        ErrorCode.NoAuth => "the session has no permission for this.",
        ErrorCode.InvalidAcl => "the access list is not valid.",
        ErrorCode.NoChildrenForEphemerals => "the parent is ephemeral, and ephemeral znodes have no children.",
        ErrorCode.BadArguments => "an argument is not valid, most likely the path.",
        ErrorCode.ConnectionLoss => "the connection was lost; whether the operation took effect is unknown.",
        ErrorCode.OperationTimeout => "no answer in time.",
        ErrorCode.SessionExpired => "the session is over; its ephemeral znodes are gone. Open a new client.",
        ErrorCode.AuthFailed => "the service refused the credentials.",
        ErrorCode.SessionClosedRequireSaslAuth => "the service admits only clients that prove who they are; give the client Credentials that it asks for.",
        ErrorCode.Unimplemented => "the server does not know this operation.",
        ErrorCode.ThrottledOp => "too many requests wait for replies already; await some of them first, or raise MaxPendingRequests.",
        ErrorCode.MarshallingError => "the request or its reply could not be decoded.",
        ErrorCode.QuotaExceeded => "the quota is used up.",
        _ => $"{error} ({(int)error}).",
    };
}
