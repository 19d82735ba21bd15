namespace Freshet.Protocol.Jute;

/// <summary>Error codes of ZooKeeper's client protocol. The numbers are the wire's.</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>The server failed.</summary>
    SystemError = -1,

    /// <summary>Filler behind the failing operation of a multi.</summary>
    RuntimeInconsistency = -2,

    /// <summary>Made by clients only: the connection was lost, and the outcome is unknown.</summary>
    ConnectionLoss = -4,

    /// <summary>The request could not be decoded.</summary>
    MarshallingError = -5,

    /// <summary>The server does not know the request.</summary>
    Unimplemented = -6,

    /// <summary>Made by clients only: no answer in time.</summary>
    OperationTimeout = -7,

    /// <summary>An argument makes no sense.</summary>
    BadArguments = -8,

    /// <summary>The znode does not exist.</summary>
    NoNode = -101,

    /// <summary>The connection's identities may not do this.</summary>
    NoAuth = -102,

    /// <summary>The znode has another version.</summary>
    BadVersion = -103,

    /// <summary>Ephemeral znodes have no children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The znode exists already.</summary>
    NodeExists = -110,

    /// <summary>The znode has children.</summary>
    NotEmpty = -111,

    /// <summary>The session is over.</summary>
    SessionExpired = -112,

    /// <summary>The access list is not valid.</summary>
    InvalidAcl = -114,

    /// <summary>The credentials were refused.</summary>
    AuthFailed = -115,

    /// <summary>The session has moved to another connection.</summary>
    SessionMoved = -118,

    /// <summary>The server is read-only.</summary>
    NotReadOnly = -119,

    /// <summary>No such watch.</summary>
    NoWatcher = -121,

    /// <summary>Changing the membership is switched off.</summary>
    ReconfigDisabled = -123,

    /// <summary>The server wants credentials first.</summary>
    SessionClosedRequireSaslAuth = -124,

    /// <summary>A hard quota would be passed.</summary>
    QuotaExceeded = -125,

    /// <summary>The request waited too long for its turn.</summary>
    ThrottledOp = -127,
}
