using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Admin;

/// <summary>The four letters by which ZooKeeper names a request among the figures of a connection.</summary>
internal static class OperationName
{
    public static string Of(OpCode type) => type switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => "CREA",
        OpCode.Delete or OpCode.DeleteContainer => "DELE",
        OpCode.Exists => "EXIS",
        OpCode.GetData => "GETD",
        OpCode.SetData => "SETD",
        OpCode.GetAcl => "GETA",
        OpCode.SetAcl => "SETA",
        OpCode.GetChildren or OpCode.GetChildren2 => "GETC",
        OpCode.GetAllChildrenNumber => "GACN",
        OpCode.GetEphemerals => "GETE",
        OpCode.Sync => "SYNC",
        OpCode.Ping => "PING",
        OpCode.Check => "CHEC",
        OpCode.Multi => "MULT",
        OpCode.MultiRead => "MLTR",
        OpCode.Reconfig => "RECO",
        OpCode.CheckWatches => "CHKW",
        OpCode.RemoveWatches => "REMW",
        OpCode.AddWatch => "ADDW",
        OpCode.SetWatches => "SETW",
        OpCode.SetWatches2 => "STW2",
        OpCode.CloseSession => "CLOS",
        OpCode.WhoAmI => "WHOA",
        OpCode.Auth => "AUTH",
        _ => "NA",
    };
}
