namespace Freshet.Protocol.Jute;

/// <summary>Request types of ZooKeeper's client protocol. The numbers are the wire's.</summary>
public enum OpCode
{
    /// <summary>Server to client only: a watch event.</summary>
    Notification = 0,

    /// <summary>Creates a znode; answers the path.</summary>
    Create = 1,

    /// <summary>Deletes a childless znode.</summary>
    Delete = 2,

    /// <summary>Stat of a znode, or NoNode; a watch is set either way.</summary>
    Exists = 3,

    /// <summary>Data and stat.</summary>
    GetData = 4,

    /// <summary>Replaces the data.</summary>
    SetData = 5,

    /// <summary>Access list and stat.</summary>
    GetAcl = 6,

    /// <summary>Replaces the access list.</summary>
    SetAcl = 7,

    /// <summary>Names of the children.</summary>
    GetChildren = 8,

    /// <summary>Waits until this server has caught up.</summary>
    Sync = 9,

    /// <summary>Keeps the session alive.</summary>
    Ping = 11,

    /// <summary>Names of the children, and the stat.</summary>
    GetChildren2 = 12,

    /// <summary>Checks a version, within a multi.</summary>
    Check = 13,

    /// <summary>Several writes, all or none.</summary>
    Multi = 14,

    /// <summary>Creates a znode; answers path and stat.</summary>
    Create2 = 15,

    /// <summary>Changes the membership of an ensemble.</summary>
    Reconfig = 16,

    /// <summary>Asks whether a watch is set.</summary>
    CheckWatches = 17,

    /// <summary>Removes watches.</summary>
    RemoveWatches = 18,

    /// <summary>Creates a znode that goes when its last child went.</summary>
    CreateContainer = 19,

    /// <summary>Internal to servers.</summary>
    DeleteContainer = 20,

    /// <summary>Creates a znode that goes some time after its last change.</summary>
    CreateTtl = 21,

    /// <summary>Several reads, each on its own.</summary>
    MultiRead = 22,

    /// <summary>Adds credentials to the connection.</summary>
    Auth = 100,

    /// <summary>Sets one-shot watches again after a reconnect.</summary>
    SetWatches = 101,

    /// <summary>One step of a SASL exchange.</summary>
    Sasl = 102,

    /// <summary>Paths of the session's own ephemeral znodes.</summary>
    GetEphemerals = 103,

    /// <summary>Number of all descendants.</summary>
    GetAllChildrenNumber = 104,

    /// <summary>Sets watches of every kind again after a reconnect.</summary>
    SetWatches2 = 105,

    /// <summary>Sets a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Identities of the connection.</summary>
    WhoAmI = 107,

    /// <summary>Internal to servers.</summary>
    CreateSession = -10,

    /// <summary>Ends the session.</summary>
    CloseSession = -11,

    /// <summary>In a multi's reply: the result of an operation that failed. In its request and reply: the end marker.</summary>
    Error = -1,
}
